// Reads a transparency log as tlog_emit.cc writes it, and the vectors V6 as v6_lines.py does, and judges every line with golang.org/x/mod/sumdb/{tlog,note}, which share no code
// with ours. One JSON object a line; "ok" says whether Go must accept it. Any other answer ends with status 1.
package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type line struct {
	Op               string
	Ok               bool
	Vkey, Text       string
	Size, Old, Index int64
	Root, OldRoot    []byte
	Leaf             []byte
	Proof            [][]byte
}

func hash(b []byte) (h tlog.Hash) {
	if len(b) != tlog.HashSize {
		panic("a hash is not 32 bytes")
	}
	copy(h[:], b)
	return h
}

func hashes(list [][]byte) (out []tlog.Hash) {
	for _, b := range list {
		out = append(out, hash(b))
	}
	return out
}

// A checkpoint is a signed note whose text is origin, size and root; the origin is the signer's name.
func checkpoint(l line) error {
	verifier, err := note.NewVerifier(l.Vkey)
	if err != nil {
		return err
	}
	opened, err := note.Open([]byte(l.Text), note.VerifierList(verifier))
	if err != nil {
		return err
	}
	want := fmt.Sprintf("%s\n%d\n%s\n", verifier.Name(), l.Size, hash(l.Root))
	if opened.Text != want {
		return fmt.Errorf("the note says %q", opened.Text)
	}
	return nil
}

// A witness's cosignature (C2SP tlog-cosignature): key id and time before an Ed25519 signature over time and checkpoint.
func cosignature(l line) error {
	name, rest, _ := strings.Cut(l.Vkey, "+")
	_, key, _ := strings.Cut(rest, "+")
	public, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(public) != 33 || public[0] != 4 {
		return fmt.Errorf("no key of a witness")
	}
	id := sha256.Sum256(append([]byte(name+"\n"), public...))
	text, lines, _ := strings.Cut(l.Text, "\n\n")
	for _, one := range strings.Split(lines, "\n") {
		blob, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(one, "— "+name+" "))
		if err != nil || len(blob) != 76 || string(blob[:4]) != string(id[:4]) {
			continue
		}
		seconds := binary.BigEndian.Uint64(blob[4:12])
		if seconds == uint64(l.Index) && ed25519.Verify(public[1:], []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s\n", seconds, text)), blob[12:]) {
			return nil
		}
	}
	return fmt.Errorf("not cosigned")
}

// Our root must also be the one that Go computes from the leaves alone.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) (out []tlog.Hash, err error) {
	for _, i := range indexes {
		out = append(out, m[i])
	}
	return out, nil
}

var (
	stored memory
	count  int64
)

func appendLeaf(l line) error {
	more, err := tlog.StoredHashes(count, l.Leaf, stored)
	if err != nil {
		return err
	}
	stored = append(stored, more...)
	count++
	root, err := tlog.TreeHash(count, stored)
	if err == nil && root != hash(l.Root) {
		err = fmt.Errorf("Go computes another root of %d leaves", count)
	}
	return err
}

func judge(l line) error {
	switch l.Op {
	case "checkpoint":
		return checkpoint(l)
	case "cosignature":
		return cosignature(l)
	case "append":
		return appendLeaf(l)
	case "inclusion":
		return tlog.CheckRecord(hashes(l.Proof), l.Size, hash(l.Root), l.Index, tlog.RecordHash(l.Leaf))
	case "consistency":
		return tlog.CheckTree(hashes(l.Proof), l.Size, hash(l.Root), l.Old, hash(l.OldRoot))
	}
	return fmt.Errorf("unknown op %q", l.Op)
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	counts := map[string]int{}
	for n := 1; in.Scan(); n++ {
		var l line
		decoder := json.NewDecoder(strings.NewReader(in.Text()))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&l); err != nil {
			fmt.Printf("line %d: %v\n", n, err)
			os.Exit(1)
		}
		err := judge(l)
		if (err == nil) != l.Ok {
			fmt.Printf("line %d: %s must be accepted: %v, but Go says: %v\n", n, l.Op, l.Ok, err)
			os.Exit(1)
		}
		counts[fmt.Sprintf("%s %v", l.Op, l.Ok)]++
	}
	for _, need := range []string{"append true", "checkpoint true", "checkpoint false", "inclusion true", "inclusion false", "consistency true", "consistency false", "cosignature true", "cosignature false"} {
		if counts[need] == 0 {
			fmt.Printf("nothing of %q was checked\n", need)
			os.Exit(1)
		}
	}
	fmt.Println("x/mod agrees:", counts)
}
