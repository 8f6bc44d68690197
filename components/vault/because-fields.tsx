import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import { LOOK_PURPOSE_NAMES } from '@/lib/vault/purpose';

/** Why, and under which case: asked before every look, request and reading. */
export function BecauseFields() {
  return (
    <>
      <Field label="Purpose">
        {(control) => (
          <Select
            {...control}
            name="purpose"
            required
            defaultValue=""
            placeholder="Choose one"
            options={Object.entries(LOOK_PURPOSE_NAMES).map(([value, label]) => ({ value, label }))}
          />
        )}
      </Field>
      <Field label="Case number" hint="It stands in the record for ever: a number of yours, never a name.">
        {(control) => (
          <TextInput
            {...control}
            mono
            name="caseRef"
            required
            minLength={3}
            maxLength={64}
            pattern="[A-Za-z0-9][A-Za-z0-9._\/\-]{2,63}"
            title="Letters, digits and . _ / -, no spaces"
            autoComplete="off"
          />
        )}
      </Field>
    </>
  );
}

/** What `BecauseFields` hold. */
export function readBecause(form: FormData): { purpose: string; caseRef: string } {
  return { purpose: String(form.get('purpose')), caseRef: String(form.get('caseRef')) };
}
