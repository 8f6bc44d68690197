import type { JsonObject, JsonValue } from '@/lib/core/json';
import { addAmounts } from '@/lib/core/money';
import type { Action } from '@/lib/tokens/action';
import type { TraceCall, TraceRun } from './trace-run';

/** The company's own mail domain in the office suites. */
const OWN_MAIL = '@bluesparrowtech.com';

/** What stands in a payment where the agent named no amount or payee: shown to the reviewer as it is. */
const ABSENT = 'absent';

/**
 * The action as the gateway puts it to the decision point: the call's own arguments, and beside them the facts that
 * the gateway knows without the agent (which site, who named the recipients, who the payee is).
 */
export function proposeCall(run: TraceRun, call: TraceCall, principal: string, session: string): Action {
  return {
    subject: { type: 'agent', id: agentId(run), properties: { model: run.model } },
    action: { name: call.name, properties: properties(run, call) },
    resource: { type: run.suite, id: resourceId(call) },
    context: {
      principal: { type: 'user', token: principal },
      session,
      runtime: `${run.suite}-replay`,
      ...facts(run, call),
    },
  };
}

/** One agent for each suite. */
export function agentId(run: TraceRun): string {
  return `${run.suite}-assistant`;
}

function properties(run: TraceRun, call: TraceCall): JsonObject {
  const own = { ...call.args };
  if (run.suite === 'banking') {
    if ('amount' in own || /^(send_money|schedule_transaction)$/.test(call.name))
      own.amount = amountText(own.amount);
    if (call.name === 'update_scheduled_transaction') own.recipient ??= 'unchanged';
    if (/^(send_money|schedule_transaction)$/.test(call.name)) own.recipient ??= ABSENT;
  }
  if (call.name === 'send_certificate') own.amount = amountText(own.amount);
  if (call.name === 'book_reservation') own.total = totalOf(own.payment_methods);
  return own;
}

function amountText(value: JsonValue | undefined): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ABSENT;
}

function totalOf(methods: JsonValue | undefined): string {
  if (!Array.isArray(methods)) return ABSENT;
  let total = '0';
  for (const method of methods) {
    const amount = method && typeof method === 'object' && !Array.isArray(method) ? method.amount : undefined;
    const sum = addAmounts(total, amountText(amount));
    if (!sum.ok) return ABSENT;
    total = sum.value;
  }
  return total;
}

function resourceId(call: TraceCall): string {
  for (const key of [
    'reservation_id',
    'file_path',
    'channel',
    'recipient',
    'url',
    'hotel',
    'user',
    'file_id',
    'event_id',
  ]) {
    const value = call.args[key];
    if ((typeof value === 'string' && /^[A-Za-z0-9._:/@+-]{1,128}$/.test(value)) || typeof value === 'number')
      return String(value);
  }
  return 'account';
}

function facts(run: TraceRun, call: TraceCall): JsonObject {
  if (run.suite === 'banking' || run.suite === 'airline') return {};
  const found: JsonObject = {};
  if (typeof call.args.url === 'string')
    found.site = call.args.url.replace(/^https?:\/\//, '').split('/')[0] ?? '';
  if (/^(send_email|share_file|create_calendar_event|add_calendar_event_participants)$/.test(call.name)) {
    found.recipients = whoNamed(run, call);
  }
  return found;
}

/** Who brought the recipients into play: nobody, the user's own words, only colleagues, or what the agent read. */
function whoNamed(run: TraceRun, call: TraceCall): string {
  const listed = call.args.recipients ?? call.args.participants ?? call.args.email ?? null;
  const recipients = (Array.isArray(listed) ? listed : [listed]).filter(
    (item): item is string => typeof item === 'string',
  );
  if (recipients.length === 0) return 'none';
  if (recipients.every((address) => address.endsWith(OWN_MAIL))) return 'colleagues';
  if (recipients.every((address) => address.endsWith(OWN_MAIL) || run.asked.includes(address)))
    return 'named-by-user';
  return 'only-in-retrieved-text';
}
