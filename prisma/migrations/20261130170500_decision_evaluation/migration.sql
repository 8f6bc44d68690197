-- The evaluation that a decision rests on: what the policy measured then, for whoever asks what another one would have said.
ALTER TABLE decisions ADD COLUMN evaluation text;
