/** Who is signed in, in words. */
export type FramePerson = { name: string; role: string };
/** An organisation that this person belongs to. */
export type FrameTenant = { id: string; name: string };
