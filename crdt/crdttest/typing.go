package crdttest

import (
	"fmt"
	"math/rand/v2"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// typing is a world in which people do nothing but type into one text, very much of
// it. Now and then they fall apart into sides that do not hear each other.
type typing struct {
	rand   *rand.Rand
	people []*typist
}

// typist is one of them.
type typist struct {
	id     crdt.Replica
	doc    *crdt.Document
	log    []*crdt.Change // what it made and heard, each after what it leans on
	seen   []uint64       // the last change of each that is in log, by its person
	heard  []int          // how much of each other's log
	at     int            // where the cursor is
	length int            // of the text, in code points; -1: it has to be counted
	side   int
}

// notes is where they type.
var notes = []string{"notes"}

// RunTyping lets people make so many edits to one text, with partitions, then lets all
// of them hear everything, and checks that their documents are equal to the byte and
// that the text is what the model says, then and a few times on the way.
func RunTyping(seed uint64, people, edits int) error {
	t := newTyping(seed, people)
	burst := 0
	for made := 0; made < edits; made += burst {
		p := pick(t.rand, t.people)
		burst = 1 + t.rand.IntN(20)
		for range burst {
			if err := t.edit(p); err != nil {
				return err
			}
		}
		if err := t.meet(p); err != nil {
			return err
		}
		if t.rand.IntN(1+edits/100) == 0 { // some ten times
			if err := p.isModel(); err != nil {
				return fmt.Errorf("after %d edits: %w", made, err)
			}
		}
	}
	return t.agree()
}

func newTyping(seed uint64, people int) *typing {
	t := &typing{rand: rand.New(rand.NewPCG(seed, 0))}
	creation := &crdt.Change{Replica: 1, N: 1, Stamp: 1, Type: "note", Version: 1, Doc: docID, Ops: []crdt.Op{{Kind: crdt.OpCreate}}}
	for i := range people {
		p := &typist{
			id: crdt.Replica(i + 2), doc: crdt.NewDocument(), length: -1,
			seen: make([]uint64, people), heard: make([]int, people),
		}
		_, _ = p.doc.Apply(creation) // an empty document takes it
		t.people = append(t.people, p)
	}
	return t
}

// edit types or removes a few characters, mostly where the last edit was.
func (t *typing) edit(p *typist) error {
	if p.length < 0 {
		p.length = utf8.RuneCountInString(p.doc.Text(notes...))
	}
	if t.rand.IntN(12) == 0 {
		p.at = pick(t.rand, []int{0, p.length, p.length / 2, t.rand.IntN(p.length + 1)})
	}
	p.at = min(p.at, p.length)
	removed, text := 0, ""
	if t.rand.IntN(4) == 0 {
		removed = t.rand.IntN(min(6, p.length-p.at+1))
	}
	if removed == 0 || t.rand.IntN(4) == 0 {
		text = pick(t.rand, words)
	}
	n := p.seen[p.id-2]
	c := &crdt.Change{Replica: p.id, N: n + 1, Stamp: crdt.Time(n + 1), Type: "note", Version: 1, Doc: docID}
	if err := p.doc.Splice(c, notes, p.at, removed, text); err != nil {
		return err
	}
	if len(c.Ops) == 0 {
		return nil
	}
	p.learn(c)
	typed := utf8.RuneCountInString(text)
	p.length += typed - removed
	if t.rand.IntN(4) > 0 { // else it goes on typing backwards
		p.at += typed
	}
	return nil
}

// learn notes a change in the log unless it is there.
func (p *typist) learn(c *crdt.Change) bool {
	seen := &p.seen[c.Replica-2]
	if c.N <= *seen {
		return false
	}
	*seen = c.N
	p.log = append(p.log, c)
	return true
}

// meet lets somebody hear of another on the same side, or the sides change.
func (t *typing) meet(p *typist) error {
	if t.rand.IntN(100) == 0 {
		for _, q := range t.people {
			q.side = t.rand.IntN(3) * t.rand.IntN(2)
		}
	}
	from := t.rand.IntN(len(t.people))
	switch {
	case t.people[from].side != p.side || t.people[from] == p:
		return nil
	case t.rand.IntN(200) == 0:
		return p.merge(from, t.people[from])
	}
	return t.hear(p, from)
}

// hear gives p what is new in the log of another, a part after the other, some of them
// in any order.
func (t *typing) hear(p *typist, from int) error {
	log := t.people[from].log
	for p.heard[from] < len(log) {
		part := log[p.heard[from]:min(len(log), p.heard[from]+1+t.rand.IntN(60))]
		p.heard[from] += len(part)
		var news []*crdt.Change
		for _, c := range part {
			if p.learn(c) {
				news = append(news, c)
			}
		}
		if t.rand.IntN(4) == 0 {
			t.rand.Shuffle(len(news), func(i, j int) { news[i], news[j] = news[j], news[i] })
		}
		for _, c := range news {
			if _, err := p.doc.Apply(c); err != nil {
				return err
			}
		}
	}
	p.length = -1
	return nil
}

// merge takes in the whole document of another.
func (p *typist) merge(from int, other *typist) error {
	theirs, err := reread(other.doc)
	if err != nil {
		return err
	}
	if p.doc, err = crdt.Merge(p.doc, theirs); err != nil {
		return err
	}
	for _, c := range other.log[p.heard[from]:] {
		p.learn(c)
	}
	p.heard[from], p.length = len(other.log), -1
	return nil
}

// isModel holds the text against the model of the log.
func (p *typist) isModel() error {
	f := &field{strategy: crdt.Text}
	for _, c := range p.log {
		for i := range c.Ops {
			f.writes = append(f.writes, write{&c.Ops[i], c})
		}
	}
	if got, want := p.doc.Text(notes...), f.text(); got != want {
		return fmt.Errorf("the text of %s is not that of the model, %s", p.id, differenceAt(got, want))
	}
	return nil
}

// agree lets everybody hear everything and compares them.
func (t *typing) agree() error {
	for _, p := range t.people {
		for from := range t.people {
			if err := t.hear(p, from); err != nil {
				return err
			}
		}
	}
	want := Bytes(t.people[0].doc)
	for _, p := range t.people[1:] {
		if got := Bytes(p.doc); got != want {
			return fmt.Errorf("%s and %s differ: %s", p.id, t.people[0].id, differenceAt(got, want))
		}
	}
	if _, err := reread(t.people[0].doc); err != nil {
		return err
	}
	return t.people[0].isModel()
}
