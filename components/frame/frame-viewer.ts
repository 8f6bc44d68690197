/** Who is signed in, in words. */
export type FramePerson = {
  name: string;
  role: string;
  /** Their verdicts can count: they have reviewing of their own to look at. */
  decides: boolean;
};
/** An organisation that this person belongs to. */
export type FrameTenant = { id: string; name: string };
