// Judges what a console publishes by Go's own packages for transparency logs: golang.org/x/mod/sumdb/note and tlog.
// Reads one JSON document, prints one: an empty string for what is accepted, else what the package said.
package main

import (
	"encoding/json"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	Vkey    string
	Notes   []string
	Entries []struct {
		Index, Size int64
		Entry       []byte
		Root        []byte
		Proof       [][]byte
	}
	Trees []struct {
		Size1, Size2 int64
		Root1, Root2 []byte
		Proof        [][]byte
	}
}

type output struct{ Notes, Entries, Trees []string }

func hash(bytes []byte) (h tlog.Hash) {
	if len(bytes) != tlog.HashSize {
		panic("a hash of another length")
	}
	copy(h[:], bytes)
	return h
}

func hashes(all [][]byte) (out []tlog.Hash) {
	for _, one := range all {
		out = append(out, hash(one))
	}
	return out
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func main() {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		panic(err)
	}
	verifier, err := note.NewVerifier(in.Vkey)
	if err != nil {
		panic(err)
	}
	out := output{Notes: []string{}, Entries: []string{}, Trees: []string{}}
	for _, text := range in.Notes {
		_, err := note.Open([]byte(text), note.VerifierList(verifier))
		out.Notes = append(out.Notes, said(err))
	}
	for _, e := range in.Entries {
		err := tlog.CheckRecord(hashes(e.Proof), e.Size, hash(e.Root), e.Index, tlog.RecordHash(e.Entry))
		out.Entries = append(out.Entries, said(err))
	}
	for _, t := range in.Trees {
		err := tlog.CheckTree(hashes(t.Proof), t.Size2, hash(t.Root2), t.Size1, hash(t.Root1))
		out.Trees = append(out.Trees, said(err))
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		panic(err)
	}
}
