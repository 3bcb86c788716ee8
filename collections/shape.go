package collections

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strconv"

	"github.com/fieldstack/fieldstack/crdt"
)

// incoming is a change on its way in, with what could be said of it before its turn
// came: that part needs no state, so it is worked out in the caller's goroutine.
type incoming struct {
	change *crdt.Change // as sent; with shape set, only N is sure to be there
	digest [32]byte     // of what was sent
	size   int          // bytes of its canonical JSON
	typ    *Type        // the version it was written under; nil: there is none
	shape  error        // an *Error: malformed, or over a limit
	value  error        // an *Error: a value is wrong for its field under that version
	knows  Position     // in the log, up to which its author had surely seen all; nil: all there is
}

// incomings looks at the changes of a push. An error is about the push as a whole.
func (e *Engine) incomings(ctx context.Context, r *SyncRequest) ([]incoming, error) {
	if len(r.Changes) > MaxChanges {
		return nil, Errorf(TooLarge, "changes", "A push takes at most %d changes: send the rest with the next one.", MaxChanges)
	}
	if r.Errors != nil && len(r.Errors) != len(r.Changes) {
		return nil, errors.New("collections: SyncRequest.Errors and Changes differ in length")
	}
	if err := e.learnVersions(ctx, r.Changes); err != nil {
		return nil, err
	}
	ins := make([]incoming, len(r.Changes))
	for i, c := range r.Changes {
		var unread *Error
		if r.Errors != nil {
			unread = r.Errors[i]
		}
		switch {
		case c == nil || c.N == 0 || c.N > crdt.MaxSeq:
			return nil, Errorf(Invalid, pointer([]string{"changes", strconv.Itoa(i), "n"}), "The change has no number that can be read: numbers count 1, 2, 3.")
		case unread != nil:
			ins[i] = incoming{change: c, shape: unread, digest: unreadDigest(c.N, unread)}
		case c.Replica != r.Replica:
			return nil, Errorf(Invalid, pointer([]string{"changes", strconv.Itoa(i), "replica"}), "The change is of another replica than the push it came in.")
		default:
			ins[i] = e.incoming(c)
		}
	}
	return ins, nil
}

// learnVersions reads the types anew where changes name a version that another server may
// have published just now.
func (e *Engine) learnVersions(ctx context.Context, changes []*crdt.Change) error {
	if !e.several() {
		return nil
	}
	for _, c := range changes {
		if c == nil || e.reg.version(c.Type, c.Version) != nil {
			continue
		}
		if _, err := e.store.Item(ctx, kindType, typeKey(c.Type, c.Version)); errors.Is(err, ErrNotFound) {
			continue
		}
		return e.reg.reload(ctx)
	}
	return nil
}

// incoming looks at one change that could be read; until somebody says otherwise it was
// made here and now, and knows all.
func (e *Engine) incoming(c *crdt.Change) incoming {
	text := crdt.AppendChange(nil, c)
	in := incoming{change: c, digest: sha256.Sum256(text), size: len(text)}
	if in.shape = checkShape(c, in.size); in.shape != nil {
		return in
	}
	if in.typ = e.reg.version(c.Type, c.Version); in.typ != nil {
		in.value = checkOps(in.typ, c.Ops)
	} else {
		in.value = Errorf(Invalid, "version", "There is no version %d of %s.", c.Version, c.Type)
	}
	return in
}

// checkShape checks what can be checked of a change without knowing its type.
func checkShape(c *crdt.Change, size int) error {
	switch {
	case size > MaxChangeBytes:
		return Errorf(TooLarge, "", "A change takes at most %d bytes, this one has %d: save in smaller steps.", MaxChangeBytes, size)
	case !isUUID(c.Doc):
		return Errorf(Invalid, "doc", "A document's id is a UUID in lower case; %q is none.", shorten(c.Doc))
	case len(c.Ops) == 0:
		return Errorf(Invalid, "ops", "The change does nothing: it has no operations.")
	}
	return nil
}

// checkOps checks each operation against the version it was written under.
func checkOps(t *Type, ops []crdt.Op) error {
	for i := range ops {
		if problems := t.Schema.CheckOp(&ops[i]); len(problems) > 0 {
			return invalid(problems[0])
		}
	}
	return nil
}

// isUUID reports whether s is a UUID of RFC 9562 in its one spelling here: 36
// characters, lower case, of the variant that the RFC describes.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return s[19] == '8' || s[19] == '9' || s[19] == 'a' || s[19] == 'b'
}

// contentDigest is what a receipt holds when it was made again from the log: the log
// has the change with the server's stamp and Prev, so these are left out of it.
func contentDigest(c *crdt.Change) [32]byte {
	content := *c
	content.Stamp, content.Prev = 0, 0
	return sha256.Sum256(crdt.AppendChange([]byte("content\x00"), &content))
}

// unreadDigest stands for a change that could not be read: sent again it fails again
// in the same way.
func unreadDigest(n uint64, err *Error) [32]byte {
	text := binary.BigEndian.AppendUint64([]byte("unread\x00"), n)
	text = append(text, err.Code+"\x00"...)
	text = append(text, err.Field+"\x00"...)
	return sha256.Sum256(append(text, err.Error()...))
}

// repeats reports whether the receipt is of this very change.
func (in *incoming) repeats(receipt *Receipt) bool {
	return receipt.Digest == in.digest || in.shape == nil && receipt.Digest == contentDigest(in.change)
}

// shorten cuts what somebody sent to what a sentence can hold.
func shorten(s string) string {
	const most = 60
	for i := range s {
		if i >= most {
			return s[:i] + "…"
		}
	}
	return s
}
