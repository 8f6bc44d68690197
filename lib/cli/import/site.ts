import type { z } from 'zod';
import type { policyDocument } from '@/lib/policy/policy-document';
import { airlinePolicy } from './policies/airline';
import { bankingPolicy } from './policies/banking';
import { officePolicy } from './policies/office';
import type { TraceRun } from './trace-run';

/** The organisation that a suite's runs belong to, with its policy; its workload identities are under one domain. */
export interface Site {
  tenant: string;
  name: string;
  domain: string;
  policy: z.input<typeof policyDocument>;
  /** Tools that change something: what a person might have to be asked for. */
  isWrite(tool: string): boolean;
}

const BANK: Site = {
  tenant: 'traces-bank',
  name: 'Replayed runs: bank',
  domain: 'bank.traces.example',
  policy: bankingPolicy,
  isWrite: (tool) => /^(send_money|schedule_|update_)/.test(tool),
};

const OFFICE: Site = {
  tenant: 'traces-office',
  name: 'Replayed runs: office',
  domain: 'office.traces.example',
  policy: officePolicy,
  isWrite: (tool) =>
    /^(send_|post_|invite_|remove_|add_|create_|append_|delete_|reschedule_|cancel_|reserve_|share_)/.test(
      tool,
    ),
};

const AIRLINE: Site = {
  tenant: 'traces-airline',
  name: 'Replayed runs: airline',
  domain: 'airline.traces.example',
  policy: airlinePolicy,
  isWrite: (tool) => /^(book_|cancel_|update_|send_)/.test(tool),
};

/** Where a run of this suite happened. */
export function siteOf(suite: TraceRun['suite']): Site {
  if (suite === 'banking') return BANK;
  return suite === 'airline' ? AIRLINE : OFFICE;
}
