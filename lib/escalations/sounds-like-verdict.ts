const VERDICT_WORDS =
  /\b(approv\w*|accept\w*|agree\w*|allow\w*|authoris\w*|authoriz\w*|sign\w*|grant\w*|den(?:y|ies|ied|ial)\w*|reject\w*|refus\w*|declin\w*|disagree\w*|disallow\w*|block\w*|oppos\w*|lgtm|yes|no|ok|okay|fine|safe|unsafe|legit\w*|fraud\w*|scam\w*|suspicious|wrong|right)\b|👍|👎|✅|❌/iu;

/**
 * Whether words may tell how their author would decide. Deliberately wide: a comment that is held back for nothing costs
 * a second reviewer little, one that is shown too early costs the second look its independence. Written in another script
 * than Latin it cannot be judged here, and counts.
 */
export function soundsLikeVerdict(text: string): boolean {
  const plain = text.normalize('NFKC');
  return VERDICT_WORDS.test(plain) || /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(plain);
}
