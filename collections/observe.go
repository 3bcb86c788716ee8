package collections

import "github.com/fieldstack/fieldstack/crdt"

// Observer is told what an engine did, for those who count and those who keep a trail of
// who did what. The engine calls it once what it tells of is durable. Calls come from
// many goroutines at once, and those to Answered hold up all writers: it must be quick
// and must not call the engine.
type Observer interface {
	// Answered tells how a round of changes was answered: Accepted, Refused, Repeated,
	// Restamped, Merged and Conflicts are of this round alone, all else is zero.
	Answered(round Stats)
	// Synced tells that a device made a round trip.
	Synced(a Actor, device crdt.Replica)
	// Designed tells of a change to a type or its rules.
	Designed(a Actor, d Designed)
}

// Designed is what somebody did to a type: one of the Did constants.
type Designed struct {
	Did     string
	Type    string
	Version int // of DidPublish
}

// What a Designed may say.
const (
	DidPublish = "published"
	DidDiscard = "discarded the draft"
	DidRules   = "changed the rules"
)

// blind is the observer where none is given.
type blind struct{}

func (blind) Answered(Stats)             {}
func (blind) Synced(Actor, crdt.Replica) {}
func (blind) Designed(Actor, Designed)   {}
