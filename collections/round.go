package collections

import "context"
import "github.com/fieldstack/fieldstack/crdt"

// round is what the members of one commit have made up so far: what they read sees
// what those before them wrote. It belongs to the committer's goroutine.
type round struct {
	ctx context.Context // for reads of the store
}

// working is one document in a round.
type working struct {
	record *Record        // as stored; nil: there is none
	doc    *crdt.Document // as it will be; merge into it through the round only
}

// document gives a document as this round has it; one that is not there is an empty
// one with a nil record.
func (r *round) document(key Key) (*working, error) { panic("todo") }

// revise makes the round write the document anew, with the problems that the latest
// version of its type finds in it, though no change came: after a publication.
func (r *round) revise(key Key) error { panic("todo") }

// entry appends a line to the log; the round fills in Place and, where it is zero, At.
func (r *round) entry(entry Entry) { panic("todo") }

// item writes an item in the same commit, as Store.PutItem would.
func (r *round) item(item Item) { panic("todo") }

// then calls do in the committer's goroutine once the round is durable, before any
// reader hears of it: the place to swap the registry.
func (r *round) then(do func()) { panic("todo") }
