package crdttest

import (
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// Server is the one whose word counts. It takes in, or refuses, each change once, in
// its own time, and keeps those it took in a log.
type Server struct {
	Doc *crdt.Document
	Log []*crdt.Change // of the document, as accepted

	id    crdt.Replica // under which it makes changes itself
	n     uint64
	clock crdt.Clock
	desks map[crdt.Replica]*desk
}

// desk is what the server knows of one replica.
type desk struct {
	answers []answer  // to its changes 1, 2, 3 …
	last    crdt.Time // the stamp given last
}

// answer is what the server said of a change.
type answer struct {
	stamp   crdt.Time
	refused error // nil: it was accepted, with the stamp
}

// errRule stands for all reasons why a server may refuse a change that is well made.
var errRule = errors.New("a rule forbids it")

// push answers the changes of a replica. One that was answered before is answered the
// same; one that does not follow on is not answered, nor are those after it.
func (o *Office) push(replica crdt.Replica, changes []*crdt.Change) []answer {
	s := o.Server
	d := s.desks[replica]
	if d == nil {
		d = &desk{}
		s.desks[replica] = d
	}
	var answers []answer
	for _, c := range changes {
		if c.N > uint64(len(d.answers))+1 {
			break
		}
		if c.N == uint64(len(d.answers))+1 {
			d.answers = append(d.answers, o.judge(c, d))
		}
		answers = append(answers, d.answers[c.N-1])
	}
	return answers
}

// judge accepts or refuses a change that is new.
func (o *Office) judge(c *crdt.Change, d *desk) answer {
	s := o.Server
	entered := *c
	entered.Stamp = s.stampFor(c, d.last, o.now)
	entered.Prev = s.Doc.Seen()[c.Replica] // the one it names may have been refused
	if err := o.admit(&entered); err != nil {
		o.note("the server refuses %s/%d: %v", c.Replica, c.N, err)
		o.refused = append(o.refused, c)
		return answer{refused: err}
	}
	if c.Doc == docID {
		s.Log = append(s.Log, &entered)
	}
	o.note("the server takes %s/%d with the stamp %s", c.Replica, c.N, entered.Stamp)
	d.last = entered.Stamp
	return answer{stamp: entered.Stamp}
}

// stampFor brings a stamp from the future back to the server's time and keeps the
// replica's own order, as package collections does.
func (s *Server) stampFor(c *crdt.Change, last crdt.Time, now int64) crdt.Time {
	stamp := c.Stamp
	if stamp.Millis() > now {
		stamp = s.clock.Next(now)
	}
	return max(stamp, last+1)
}

// admit applies a change to the server's document, or says why not.
func (o *Office) admit(c *crdt.Change) error {
	s := o.Server
	switch {
	case c.Doc != docID:
		return nil
	case o.Rand.IntN(o.strictness) == 0:
		return errRule
	case !s.Doc.Exists() && c.Ops[0].Kind != crdt.OpCreate:
		return errors.New("there is no such document")
	}
	if missing, found := s.Doc.Missing(c); found {
		return fmt.Errorf("it leans on %v", missing)
	}
	_, err := s.Doc.Apply(c)
	return err
}

// serve is a turn of the server: somebody edits there, it starts again, or it folds
// what all have.
func (o *Office) serve() error {
	o.whileAlive(20_000, o.serve)
	if o.gather {
		return nil
	}
	s := o.Server
	switch o.Rand.IntN(4) {
	case 0:
		o.note("the server starts again")
		var err error
		s.Doc, err = reread(s.Doc)
		return err
	case 1:
		if o.folds {
			return o.fold()
		}
	}
	o.edits--
	c, err := o.compose(s.Doc, s.id, s.n+1, s.clock.Next(o.now))
	if c == nil || err != nil {
		return err
	}
	s.n++
	o.knows(c, len(s.Log))
	s.Log = append(s.Log, c)
	o.note("the server makes %s", crdt.AppendChange(nil, c))
	_, err = s.Doc.Apply(c)
	return err
}
