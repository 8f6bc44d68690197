import { describe, expect, it } from 'vitest';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import {
  type CloudTrailDigest,
  checkLogFile,
  digestSigningText,
  followsDigest,
  verifyDigest,
} from './cloudtrail';
import { listPutEvents } from './cloudtrail-event';
import { parseAuditKeys } from './parse-audit-keys';
import { gunzip, readSignedDigest } from './testing/vector-cases';

describe('digestSigningText', () => {
  it('is the worked example', () => {
    const digest: CloudTrailDigest = {
      digestEndTime: '2026-03-01T10:00:00Z',
      digestS3Bucket: 'audit',
      digestS3Object: 'd.json.gz',
      logFiles: [],
    };
    expect(digestSigningText(digest, utf8('{}'))).toBe(
      '2026-03-01T10:00:00Z\naudit/d.json.gz\n44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\nnull',
    );
  });
});

describeVectors('s3worm', 'a published chain of audit digests', () => {
  const folder = 's3worm/cloudtrail-derived';

  async function verified(name: string) {
    const keys = parseAuditKeys(readVectorBytes(`${folder}/public-keys.json`));
    if (!keys.ok) throw new Error(keys.code);
    const signed = await readSignedDigest(readVectorBytes, `${folder}/${name}`);
    const digest = await verifyDigest(
      signed,
      keys.value.map(({ publicKey }) => publicKey),
    );
    if (!digest?.ok) throw new Error(digest?.code);
    return { signed, digest: digest.value.digest };
  }

  it('holds together, and lists its log files', async () => {
    const [first, second] = [await verified('digest-0'), await verified('digest-1')];
    expect(followsDigest(second.digest, first.signed)).toBe(true);
    expect(followsDigest(first.digest, second.signed)).toBe(false);
    expect(followsDigest(second.digest, second.signed)).toBe(false);
    const { s3Object, s3Bucket } = first.digest.logFiles[0] ?? { s3Object: '', s3Bucket: '' };
    const content = await gunzip(readVectorBytes(`${folder}/${s3Object.split('/').at(-1)}`));
    const log = { bucket: s3Bucket, object: s3Object, content };
    expect(checkLogFile(log, [second.digest, first.digest])).toEqual({ ok: true, value: null });
    expect(checkLogFile(log, [second.digest])).toMatchObject({ code: 'audit_log_unlisted' });
    expect(checkLogFile({ ...log, content: content.slice(1) }, [first.digest])).toMatchObject({
      code: 'audit_log_mismatch',
    });
    expect(listPutEvents(content, 'audit-bucket', 'evidence-0.json')).toMatchObject([
      { eventTime: '2026-03-01T09:10:00Z', versionId: undefined, mode: undefined },
    ]);
    expect(listPutEvents(content, 'audit-bucket', 'evidence-1.json')).toEqual([]);
    expect(listPutEvents(utf8('no log'), 'audit-bucket', 'evidence-0.json')).toBeNull();
  });

  it('comes with keys whose fingerprints are their own, also AWS’s real one', () => {
    const text = decodeUtf8(readVectorBytes('s3worm/awscli-examples/list-public-keys.txt'));
    if (!text.ok) throw new Error('text');
    const json = utf8(text.value.slice(text.value.indexOf('{')));
    expect(parseAuditKeys(json)).toMatchObject({
      ok: true,
      value: [{ fingerprint: '7f3f401420072e50a65a141430817ab3' }],
    });
    const lied = utf8(text.value.slice(text.value.indexOf('{')).replace('7f3f4014', '00000000'));
    expect(parseAuditKeys(lied)).toMatchObject({ ok: false, code: 'audit_key_fingerprint' });
    expect(parseAuditKeys(utf8('{}'))).toMatchObject({ ok: false, code: 'audit_keys_syntax' });
  });
});
