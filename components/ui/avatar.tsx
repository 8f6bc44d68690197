/** First letters of a person's first and last name. Decoration: the name stands beside it. */
export function Avatar({ name, small = false }: { name: string; small?: boolean }) {
  const words = name.split(/[\s.]+/).filter((word) => word !== '' && !/^(dr|mr|ms|mrs|prof)$/i.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return (
    <span className={small ? 'av s' : 'av'} aria-hidden="true">
      {letters.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('')}
    </span>
  );
}
