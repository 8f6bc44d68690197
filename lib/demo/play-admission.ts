import { utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { DEFAULT_SCHEDULE } from '@/lib/retention/schedule';
import { receivePayload } from '@/lib/server/payloads/receive-payload';
import { newId } from '@/lib/server/random';
import { setSchedule } from '@/lib/server/retention/set-schedule';
import { tokenise } from '@/lib/server/vault/tokenise';
import { ADMISSION, ADMISSION_MRN, type AdmissionProducer } from './admission';
import { callerOf, type HistoryStage } from './history-stage';

const DOMAIN = 'spiffe://st-brigid.example';
const PRODUCERS: Record<AdmissionProducer, string> = {
  watch: `${DOMAIN}/agent/vitals-watch`,
  triage: `${DOMAIN}/agent/sepsis-triage`,
  planner: `${DOMAIN}/agent/bed-planner`,
};
/** The hospital keeps contents for two years, so that the summer can still be asked about. */
const KEPT_DAYS = 730;

/** What later acts of the demo are about. */
export interface PlayedAdmission {
  token: string;
  /** The decision of 06:42. */
  asked: string;
}

/** Plays the summer of one patient, before everything else: contents are handed over, records signed, all by the verbs. */
export async function playAdmission(stage: HistoryStage): Promise<PlayedAdmission> {
  const { site, random } = stage;
  const caller = callerOf(site);
  const first = ADMISSION[0]?.atMs ?? 0;
  const compliance = [...site.people.values()].find(({ roles }) => roles.includes('compliance'));
  if (compliance)
    await setSchedule(
      compliance,
      { schedule: { ...DEFAULT_SCHEDULE, producer_payload: KEPT_DAYS }, baseVersion: 0 },
      { nowMs: first - 86_400_000 },
    );
  const { tokens } = await tokenise(
    caller,
    { items: [{ type: 'mrn', identifier: ADMISSION_MRN }] },
    { nowMs: first },
  );
  const token = tokens[0] as string;
  const decisions: string[] = [];
  for (const step of ADMISSION) {
    const producer = site.producers.get(PRODUCERS[step.producer]);
    const key = site.keys.get(PRODUCERS[step.producer]);
    if (!producer || !key) throw new Error(`The demo has no producer ${PRODUCERS[step.producer]}.`);
    const from = {
      ...caller,
      producerId: producer.id,
      kind: 'agent',
      keyid: key.keyid,
      publicKey: key.publicKey,
    };
    const keep = async (content: string) => {
      const salt = Uint8Array.from({ length: 32 }, () => random.integer(0, 255));
      const { receipt } = await receivePayload(
        from,
        {
          subject: token,
          media_type: 'application/json',
          salt: formatBase64(salt),
          content: formatBase64(utf8(content)),
        },
        { nowMs: step.atMs },
      );
      const { ref, digest, byte_count } = receipt;
      return { ref, digest, byte_count, media_type: 'application/json' };
    };
    const body = step.body(token);
    const id = newId('dec', step.atMs);
    const parents = step.follows.map((index) => decisions[index] as string);
    decisions.push(id);
    await stage.record(
      producer.sign('decision', id, step.atMs, {
        ...body,
        identity: { ...body.identity, parents },
        input: await keep(step.input),
        output: { ...body.output, ...(step.output === null ? {} : { payload: await keep(step.output) }) },
      }),
    );
  }
  await stage.flush();
  const asked = decisions[ADMISSION.findIndex((step) => step.asked)];
  return { token, asked: asked as string };
}
