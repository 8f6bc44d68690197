-- Where the record of a passkey's end stands, in the stream of its registration.
ALTER TABLE passkeys ADD COLUMN retired_position bigint;
