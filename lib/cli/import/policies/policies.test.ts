import { describe, expect, it } from 'vitest';
import { bankPayments } from '@/lib/demo/policies/bank-payments';
import { clinicalOrders } from '@/lib/demo/policies/clinical-orders';
import { retailPayments } from '@/lib/demo/policies/retail-payments';
import { parsePolicyDocument } from '@/lib/policy/parse-policy-document';
import { airlinePolicy } from './airline';
import { bankingPolicy } from './banking';
import { officePolicy } from './office';

describe('policies that come with the product', () => {
  it.each([
    ['retail payments', retailPayments('15000')],
    ['clinical orders', clinicalOrders('0.70')],
    ['bank payments', bankPayments('12000')],
    ['replayed bank', bankingPolicy],
    ['replayed office', officePolicy],
    ['replayed airline', airlinePolicy],
  ])('%s is a valid document', (_, document) => {
    const parsed = parsePolicyDocument(JSON.stringify(document));
    expect(parsed.ok ? null : parsed).toBeNull();
  });
});
