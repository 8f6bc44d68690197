/**
 * Marks text that reads like an instruction inside what an agent retrieved or said. A mark is a hint to the reviewer,
 * never a verdict: unmarked text may still be hostile, and a marked bill that asks to be paid may be honest.
 *
 * Zero-width and tag characters are looked through, so that hiding one inside a word does not hide the word.
 */
export interface MarkedPassage {
  /** UTF-16 offsets into the text as given; `to` is exclusive. */
  from: number;
  to: number;
  why: string;
}

/** Default-ignorable format characters, soft hyphen, combining joiner, fillers, tags and variation selectors. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const ACTS =
  'send|transfer|pay|wire|forward|e-?mail|post|delete|remove|approve|execute|run|call|invoke|update|change|book|cancel|purchase|buy|visit|click|share|upload|invite|reserve|create|schedule';
const ASSISTANT =
  'ai|a\\.i\\.|assistant|agent|language model|llm|model|chatbot|bot|gpt[-\\w.]*|claude[-\\w. ]{0,12}|gemini|llama[-\\w.]*|command[-\\s]r[-\\w.]*';

/** Every repetition is bounded, so that matching stays linear in the text. */
const RULES: readonly { why: string; pattern: RegExp }[] = [
  {
    why: 'a block that poses as instructions to the agent',
    pattern: /<(information|important|system|instructions?|admin|override)>[\s\S]*?(?:<\/\1>|$)/gi,
  },
  {
    why: 'chat markup that poses as another speaker',
    pattern:
      /<\|[a-z_]{2,20}\|>|\[\/?INST\]|<<\/?SYS>>|^[ \t]{0,8}(?:system|assistant)[ \t]{0,4}:[^\n]{0,200}/gim,
  },
  {
    why: 'tells the agent to drop its instructions',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,60}\b(?:previous|prior|above|earlier|preceding|all|any|your|the)\b[^.\n]{0,40}\b(?:instructions?|rules?|polic(?:y|ies)|prompts?|tasks?|guidelines?|guardrails?|restrictions?|context)\b/gi,
  },
  {
    why: 'claims to be an important message to the agent',
    pattern:
      /\b(?:important|urgent|critical|priority)\s{1,4}(?:message|notice|instructions?|update|request)\b[^.\n]{0,80}/gi,
  },
  {
    why: 'addresses an assistant',
    pattern: new RegExp(
      `\\b(?:(?:dear|hey|hello|hi|attention|note to|message to|to you,?|you are|as)\\s{1,4}(?:an?\\s{1,4}|the\\s{1,4})?)(?:${ASSISTANT})\\b[^.\\n]{0,80}|(?<=^|[.!?:;\\n]\\s{0,4})(?:ai\\s)?(?:assistants|agents)\\s{0,2}[:,]\\s[^.\\n]{0,80}|\\b(?:the|any|your)\\s{1,4}(?:${ASSISTANT})\\s{1,4}(?:should|must|needs?\\s{1,4}to|is\\s{1,4}to)\\b[^.\\n]{0,80}`,
      'gi',
    ),
  },
  {
    why: 'puts itself before the task that was given',
    pattern:
      /\bbefore\s{1,4}(?:you|doing|completing|solving|anything)\b[^.\n]{0,60}\b(?:task|request|question|anything else|first)\b[^.\n]{0,80}|\b(?:please\s{1,4})?do\s{1,4}the\s{1,4}following\b[^.\n]{0,40}|\bafter\s{1,4}you\s{1,4}(?:do|have done|finish|complete)\b[^.\n]{0,100}|\byour\s{1,4}(?:new|real|actual|first)\s{1,4}(?:task|instructions?|goal|job)\b[^.\n]{0,80}/gi,
  },
  {
    why: 'urges an action',
    pattern: new RegExp(
      `\\b(?:you\\s{1,4}(?:must|should|need\\s{1,4}to|have\\s{1,4}to|are\\s{1,4}(?:required|instructed)\\s{1,4}to)|make\\s{1,4}sure\\s{1,4}(?:to|you)|be\\s{1,4}sure\\s{1,4}to|please)\\s{1,4}(?:(?:now|immediately|first|also|just|then|kindly)\\s{1,4}){0,2}(?:${ACTS})\\b[^.\\n]{0,120}`,
      'gi',
    ),
  },
  {
    why: 'says that no human check is needed',
    pattern:
      /\b(?:approvals?|confirmations?|reviews?|checks?|authori[sz]ations?)\s{1,4}(?:is|are)\s{1,4}(?:not\s{1,4}(?:required|needed|necessary)|unnecessary|waived)\b[^.\n]{0,60}|\b(?:no|without(?:\s{1,4}any)?|skip(?:\s{1,4}the)?|not\s{1,4}(?:need|require))\s{1,4}(?:the\s{1,4}|further\s{1,4}|additional\s{1,4}|usual\s{1,4}|normal\s{1,4}|human\s{1,4}|manual\s{1,4}|any\s{1,4}){0,2}(?:approvals?|confirmations?|verifications?|reviews?|checks?|authori[sz]ations?|escalations?)\b[^.\n]{0,60}|\bpre-?(?:approved|authori[sz]ed)\b|\balready\s{1,4}(?:been\s{1,4})?(?:approved|verified|authori[sz]ed|confirmed)\b/gi,
  },
  {
    why: 'asks not to be checked with anybody',
    pattern:
      /\b(?:do\s{1,4}not|don['’]t|no\s{1,4}need\s{1,4}to)\s{1,4}(?:call(?:\s{1,4}back)?|phone|contact|verify|double-?check|check\s{1,4}with)\b[^.\n]{0,80}/gi,
  },
  {
    why: 'asks to keep something from people',
    pattern:
      /\b(?:do\s{1,4}not|don['’]t|never|without)\s{1,4}(?:ask(?:ing)?|tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?|mention(?:ing)?|escalat(?:e|ing)|reveal(?:ing)?)\b[^.\n]{0,80}/gi,
  },
];

/** Passages in order, not overlapping; where rules overlap, their reasons are joined by "; ". */
export function markPassages(text: string): MarkedPassage[] {
  const { visible, offsets } = withoutInvisible(text);
  const found: MarkedPassage[] = [];
  for (const { why, pattern } of RULES) {
    for (const match of visible.matchAll(pattern)) {
      const from = offsets[match.index] ?? 0;
      const last = offsets[match.index + match[0].length - 1];
      if (last !== undefined) found.push({ from, to: last + 1, why });
    }
  }
  return mergePassages(found);
}

/** True when characters that no font draws stand inside the text. */
export function hasInvisible(text: string): boolean {
  // Emoji are drawn with a variation selector or joined by U+200D: those are not hidden.
  return INVISIBLE.test(text.replace(/\p{Extended_Pictographic}[\ufe0f\u200d]+/gu, ''));
}

function withoutInvisible(text: string): { visible: string; offsets: number[] } {
  const offsets: number[] = [];
  let visible = '';
  let at = 0;
  for (const character of text) {
    if (!INVISIBLE.test(character)) {
      visible += character;
      for (let unit = 0; unit < character.length; unit++) offsets.push(at + unit);
    }
    at += character.length;
  }
  return { visible, offsets };
}

function mergePassages(found: readonly MarkedPassage[]): MarkedPassage[] {
  const merged: MarkedPassage[] = [];
  for (const passage of [...found].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = merged.at(-1);
    if (!last || passage.from >= last.to) {
      merged.push({ ...passage });
      continue;
    }
    last.to = Math.max(last.to, passage.to);
    if (!last.why.split('; ').includes(passage.why)) last.why += `; ${passage.why}`;
  }
  return merged;
}
