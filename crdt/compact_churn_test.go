package crdt_test

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// A record that three devices fill in and empty again for ever stays as large as it
// is: what went costs nothing in the end.
func TestCompact_ChurnStaysFlat(t *testing.T) {
	rounds := 20_000
	switch {
	case os.Getenv("FIELDSTACK_SOAK") == "1":
		rounds = 1_000_000
	case testing.Short():
		rounds = 4_000
	}
	c := newChurn(t, *first)
	largest := [2]int{}
	for i := range rounds {
		c.round()
		if i%100 == 99 { // all are level
			half := 2 * i / rounds
			largest[half] = max(largest[half], c.fold())
		}
	}
	t.Logf("seed %d, %d rounds: meta of at most %d bytes in the first half, %d in the second", *first, rounds, largest[0], largest[1])
	if largest[1]*5 > largest[0]*6 {
		t.Errorf("seed %d: meta grows", *first)
	}
}

// churn is three devices that hear from each other every ten rounds.
type churn struct {
	t       *testing.T
	rand    *rand.Rand
	clock   crdt.Clock
	rounds  int
	docs    []*crdt.Document
	unheard [][]*crdt.Change // by device
}

func newChurn(t *testing.T, seed uint64) *churn {
	c := &churn{t: t, rand: rand.New(rand.NewPCG(seed, 3)), unheard: make([][]*crdt.Change, 3)}
	for range 3 {
		c.docs = append(c.docs, crdt.NewDocument())
	}
	return c
}

func (c *churn) round() {
	by := c.rand.IntN(len(c.docs))
	d, id := c.docs[by], crdt.Replica(by+1)
	e := d.Edit(id, crdttest.Plan())
	if err := c.edit(e, d); err != nil {
		c.t.Fatal(err)
	}
	if ops := e.Ops(); len(ops) > 0 {
		n := d.Seen()[id]
		change := &crdt.Change{Replica: id, N: n + 1, Prev: n, Stamp: c.clock.Next(1_764_000_000_000), Ops: ops}
		for i := range c.docs {
			c.unheard[i] = append(c.unheard[i], change)
		}
		c.hear(by)
	}
	if c.rounds++; c.rounds%10 == 0 {
		for i := range c.docs {
			c.hear(i)
		}
	}
}

// hear lets a device take in what it has not heard.
func (c *churn) hear(i int) {
	for _, change := range c.unheard[i] {
		if _, err := c.docs[i].Apply(change); err != nil {
			c.t.Fatal(err)
		}
	}
	c.unheard[i] = nil
}

// edit does one thing that people do. Nothing gets long: what is long is shortened.
func (c *churn) edit(e *crdt.Editor, d *crdt.Document) error {
	notes, parts := []string{"notes"}, []string{"parts"}
	switch c.rand.IntN(8) {
	case 0, 1:
		n := len([]rune(d.Text("notes")))
		at := c.rand.IntN(n + 1)
		return e.Splice(notes, at, min(n-at, c.rand.IntN(4)+n/10), "some words "[:c.rand.IntN(12)])
	case 2:
		if rows := d.Rows("parts"); len(rows) > c.rand.IntN(12) {
			return e.RemoveRow(parts, rows[c.rand.IntN(len(rows))].ID)
		}
		_, err := e.InsertRow(parts, 0, map[string]any{"title": "pipe", "notes": "long"})
		return err
	case 3:
		if rows := d.Rows("parts"); len(rows) > 0 {
			return e.MoveRow(parts, rows[c.rand.IntN(len(rows))].ID, c.rand.IntN(len(rows)))
		}
	case 4:
		if rows := d.Rows("parts"); len(rows) > 0 {
			row := rows[c.rand.IntN(len(rows))].ID.String()
			return e.Put([]string{"parts", row, "notes"}, []string{"cut", "welded", ""}[c.rand.IntN(3)])
		}
	case 5:
		if c.rand.IntN(2) == 0 {
			return e.Remove([]string{"title"})
		}
		return e.Put([]string{"title"}, float64(c.rand.IntN(9)))
	case 6:
		if c.rand.IntN(2) == 0 {
			return e.Exclude([]string{"tags"}, "a")
		}
		return e.Include([]string{"tags"}, "a")
	case 7:
		if c.rand.IntN(2) == 0 {
			e.Delete()
		} else {
			e.Restore()
		}
	}
	return nil
}

// fold compacts two of the documents, lets the third device begin again with a copy
// now and then, and gives the size of the meta. All show the same when all is heard.
func (c *churn) fold() int {
	for _, d := range c.docs[:2] {
		if err := d.Compact(nil); err != nil {
			c.t.Fatal(err)
		}
	}
	value, meta := c.docs[0].Encode()
	if other, _ := c.docs[2].Encode(); string(other) != string(value) {
		c.t.Fatalf("compacted it shows\n%s\nand else\n%s", value, other)
	}
	if c.rounds%500 == 0 {
		d, err := crdt.Decode(value, meta)
		if err != nil {
			c.t.Fatal(err)
		}
		c.docs[2] = d
	}
	return len(meta)
}
