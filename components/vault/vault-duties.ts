/** What the viewer may do on the page, as the server says; it asks again each time. */
export interface VaultDuties {
  /** The viewer's own id: nobody grants what they asked for. */
  person: string;
  /** May look behind tokens, grant, place holds and ask for releases and erasures. */
  look: boolean;
  /** May set the retention schedule. */
  schedule: boolean;
  /** May say which looks need a second person. */
  policy: boolean;
}
