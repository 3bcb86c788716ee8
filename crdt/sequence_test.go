package crdt

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// diffSequences says how two sequences differ, whatever their trees look like.
func diffSequences(want, got *sequence) string {
	return cmp.Diff(want.all(), got.all(), cmp.AllowUnexported(run{})) + cmp.Diff(want.content(), got.content())
}

// typed is a sequence with its visible content, as a text has it, and a model beside
// both. The content of an element is a function of its name, so that the model
// knows it.
type typed struct {
	replica Replica
	next    uint64
	seq     sequence
	model   *fugueTree
	log     []typedOp
	seen    map[Replica]int // how many of each replica's operations are in
}

// typedOp is an insertion or, if id is zero, a cut.
type typedOp struct {
	id            Dot
	n             int
	after, before Dot
	cut           []Span
	messages      []fugueInsert // what the model sends for the same insertion
	needs         map[Replica]int
}

func newTyped(r Replica) *typed {
	return &typed{replica: r, next: 1, model: newFugueTree(), seen: map[Replica]int{}}
}

func letter(d Dot) rune { return rune('a' + (d.Seq*7+uint64(d.Replica)*3)%26 + 1000*uint64(d.Replica)) }

func letters(id Dot, n int) string {
	out := make([]rune, n)
	for i := range out {
		out[i] = letter(Dot{id.Replica, id.Seq + uint64(i)})
	}
	return string(out)
}

// typeAt types n letters at pos and gives the first.
func (x *typed) typeAt(pos, n int) Dot {
	op := typedOp{id: Dot{x.replica, x.next}, n: n}
	op.after, op.before = x.seq.neighbours(pos)
	for i := range n {
		m := x.model.insertAt(Dot{x.replica, x.next + uint64(i)}, pos+i)
		op.messages = append(op.messages, m)
		x.model.apply(m)
	}
	x.next += uint64(n)
	x.toSequence(op)
	x.record(op)
	return op.id
}

// cutAt removes n letters at pos.
func (x *typed) cutAt(pos, n int) {
	op := typedOp{cut: x.seq.spans(nil, pos, n)}
	x.toSequence(op)
	x.toModel(op)
	x.record(op)
}

// record logs the replica's own operation for the others.
func (x *typed) record(op typedOp) {
	op.needs = maps.Clone(x.seen)
	x.seen[x.replica]++
	x.log = append(x.log, op)
}

func (x *typed) toSequence(op typedOp) {
	if op.n > 0 {
		x.seq.insert(op.id, op.n, op.after, op.before, letters(op.id, op.n))
	}
	x.seq.cut(op.cut)
}

func (x *typed) toModel(op typedOp) {
	for _, m := range op.messages {
		x.model.apply(m)
	}
	for _, c := range op.cut {
		for i := range c.Len {
			x.model.nodes[Dot{c.Start.Replica, c.Start.Seq + i}].deleted = true
		}
	}
}

// receive takes in the operations of from up to the n-th, and first all that they
// lean on.
func (x *typed) receive(all map[Replica]*typed, from Replica, n int, take ...func(typedOp)) {
	for x.seen[from] < n {
		op := all[from].log[x.seen[from]]
		for r, k := range op.needs {
			if r != from {
				x.receive(all, r, k, take...)
			}
		}
		for _, f := range take {
			f(op)
		}
		x.seen[from]++
	}
}

func (x *typed) receiveAll(all map[Replica]*typed, from *typed) {
	x.receive(all, from.replica, len(from.log), x.toSequence, x.toModel)
}

// merge takes in all of y by merging the sequences; the model gets the operations.
func (x *typed) merge(all map[Replica]*typed, y *typed) {
	x.seq.merge(x.seq.newsFrom(&y.seq, y.seq.content()))
	for r, n := range y.seen {
		x.receive(all, r, n, x.toModel)
	}
}

// check holds the sequence against the model.
func (x *typed) check(t *testing.T) {
	t.Helper()
	var got, want []string
	x.seq.each(func(id Dot, n int, deleted bool) {
		for i := range n {
			got = append(got, fmt.Sprint(Dot{id.Replica, id.Seq + uint64(i)}, deleted))
		}
	})
	var shown []rune
	for _, n := range x.model.traverse() {
		if n == x.model.root {
			continue
		}
		want = append(want, fmt.Sprint(n.id, n.deleted))
		if !n.deleted {
			shown = append(shown, letter(n.id))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("the order is not the model's (-want +got):\n%s", diff)
	}
	if content := x.seq.content(); string(shown) != content {
		t.Fatalf("content is %q, want %q", content, string(shown))
	}
	checkTree(t, &x.seq)
	if x.seq.length() != len(shown) {
		t.Fatalf("length() = %d, want %d", x.seq.length(), len(shown))
	}
}

// TestSequence_Model plays random histories of several people, whose operations
// arrive one by one or as whole sequences, and holds every one of them to the model.
func TestSequence_Model(t *testing.T) {
	for seed := range uint64(400) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			all := map[Replica]*typed{}
			people := 2 + rng.IntN(4)
			for r := range people {
				all[Replica(r+1)] = newTyped(Replica(r + 1))
			}
			for range 30 + rng.IntN(60) {
				x := all[Replica(1+rng.IntN(people))]
				x.randomStep(rng, all)
				x.check(t)
			}
			settle(t, all)
		})
	}
}

// TestSequence_LongModel does the same for texts of thousands of runs, whose trees have
// branches.
func TestSequence_LongModel(t *testing.T) {
	steps := 3000
	if testing.Short() {
		steps = 1200
	}
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 4))
			all := map[Replica]*typed{1: newTyped(1), 2: newTyped(2), 3: newTyped(3)}
			for range steps {
				all[Replica(1+rng.IntN(3))].randomStep(rng, all)
			}
			settle(t, all)
			if all[1].seq.root.kids == nil {
				t.Fatal("the tree has no branch")
			}
		})
	}
}

// randomStep types, cuts, receives or merges.
func (x *typed) randomStep(rng *rand.Rand, all map[Replica]*typed) {
	from := all[Replica(1+rng.IntN(len(all)))]
	switch k := rng.IntN(10); {
	case k < 5:
		x.typeAt(rng.IntN(x.seq.length()+1), 1+rng.IntN(3))
	case k < 7 && x.seq.length() > 0:
		pos := rng.IntN(x.seq.length())
		x.cutAt(pos, 1+rng.IntN(min(4, x.seq.length()-pos)))
	case k < 9:
		x.receive(all, from.replica, rng.IntN(len(from.log)+1), x.toSequence, x.toModel)
	case from != x:
		x.merge(all, from)
	}
}

// settle brings everybody everything and wants them equal, byte for byte.
func settle(t *testing.T, all map[Replica]*typed) {
	t.Helper()
	var first *typed
	for _, r := range slices.Sorted(maps.Keys(all)) {
		x := all[r]
		for _, y := range all {
			x.receiveAll(all, y)
		}
		x.check(t)
		if first == nil {
			first = x
		}
		if diff := diffSequences(&first.seq, &x.seq); diff != "" {
			t.Fatalf("replicas %v and %v differ:\n%s", first.replica, r, diff)
		}
	}
}

// pair gives two people who share the same text, made by a third.
func pair(t *testing.T, shared int) (all map[Replica]*typed, a, b *typed) {
	t.Helper()
	all = map[Replica]*typed{1: newTyped(1), 2: newTyped(2), 3: newTyped(3)}
	if shared > 0 {
		all[3].typeAt(0, shared)
	}
	all[1].receiveAll(all, all[3])
	all[2].receiveAll(all, all[3])
	return all, all[1], all[2]
}

// authors spells who wrote each visible letter, as one digit each.
func (x *typed) authors() string {
	var out strings.Builder
	x.seq.each(func(id Dot, n int, deleted bool) {
		if !deleted {
			out.WriteString(strings.Repeat(fmt.Sprint(uint64(id.Replica)), n))
		}
	})
	return out.String()
}

// TestSequence_NamedCases are the cases that people notice.
func TestSequence_NamedCases(t *testing.T) {
	tests := []struct {
		name   string
		shared int
		do     func(all map[Replica]*typed, a, b *typed)
		want   string
	}{
		{"two type forward at one place, letter by letter", 2, func(_ map[Replica]*typed, a, b *typed) {
			for i := range 4 {
				a.typeAt(1+i, 1)
				b.typeAt(1+i, 1)
			}
		}, "3111122223"},
		{"two type backward at one place", 2, func(_ map[Replica]*typed, a, b *typed) {
			for range 4 {
				a.typeAt(1, 1)
				b.typeAt(1, 1)
			}
		}, "3111122223"},
		{"one types forward, the other backward", 2, func(_ map[Replica]*typed, a, b *typed) {
			for i := range 4 {
				a.typeAt(1+i, 1)
				b.typeAt(1, 1)
			}
		}, "3111122223"},
		{"two begin an empty text", 0, func(_ map[Replica]*typed, a, b *typed) {
			a.typeAt(0, 3)
			b.typeAt(0, 3)
		}, "111222"},
		{"two go on at the end", 3, func(_ map[Replica]*typed, a, b *typed) {
			b.typeAt(3, 2)
			a.typeAt(3, 2)
			b.typeAt(5, 2)
			a.typeAt(5, 2)
		}, "33311112222"},
		{"typing inside of what the other removes stays", 5, func(_ map[Replica]*typed, a, b *typed) {
			a.typeAt(3, 2)
			b.cutAt(0, 5)
		}, "11"},
		{"typing before and after what both remove stays in order", 5, func(_ map[Replica]*typed, a, b *typed) {
			a.cutAt(1, 3)
			a.typeAt(1, 2)
			b.cutAt(1, 3)
			b.typeAt(1, 2)
		}, "311223"},
		{"typing again where one's own text was removed", 2, func(_ map[Replica]*typed, a, b *typed) {
			a.typeAt(1, 3)
			a.cutAt(1, 3)
			a.typeAt(1, 2)
			b.typeAt(1, 2)
		}, "311223"},
		{"a third text in the middle of one of two", 2, func(all map[Replica]*typed, a, b *typed) {
			a.typeAt(1, 4)
			all[3].receiveAll(all, a)
			all[3].typeAt(3, 1)
			b.typeAt(1, 4)
		}, "31131122223"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			all, a, b := pair(t, test.shared)
			test.do(all, a, b)
			settle(t, all)
			if got := a.authors(); got != test.want {
				t.Errorf("merged to %s, want %s", got, test.want)
			}
		})
	}
}

// TestSequence_AnyOriginsConverge makes up insertions whose origins never were
// neighbours, as a forged change may, and applies them in many orders.
func TestSequence_AnyOriginsConverge(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 2))
		ops := forgedInsertions(rng, 3+rng.IntN(12))
		var first sequence
		for try := range 6 {
			var s sequence
			for _, op := range shuffleCausally(rng, ops) {
				s.insert(op.id, op.n, op.after, op.before, "")
			}
			if try == 0 {
				first = s
			} else if diff := diffSequences(&first, &s); diff != "" {
				t.Fatalf("seed %d: another order of arrival gives another sequence:\n%s", seed, diff)
			}
		}
		var merged sequence
		merged.merge(merged.newsFrom(&first, ""))
		if diff := diffSequences(&first, &merged); diff != "" {
			t.Fatalf("seed %d: merging into nothing gives another sequence:\n%s", seed, diff)
		}
	}
}

func forgedInsertions(rng *rand.Rand, n int) []typedOp {
	known := []Dot{{}}
	next := map[Replica]uint64{}
	var ops []typedOp
	for range n {
		r := Replica(1 + rng.IntN(3))
		op := typedOp{id: Dot{r, next[r] + 1}, n: 1 + rng.IntN(3)}
		op.after, op.before = known[rng.IntN(len(known))], known[rng.IntN(len(known))]
		for i := range op.n {
			known = append(known, Dot{r, next[r] + 1 + uint64(i)})
		}
		next[r] += uint64(op.n)
		ops = append(ops, op)
	}
	return ops
}

// shuffleCausally gives the operations in a random order in which origins come first.
func shuffleCausally(rng *rand.Rand, ops []typedOp) []typedOp {
	rest := slices.Clone(ops)
	have := map[Dot]bool{{}: true}
	var out []typedOp
	for len(rest) > 0 {
		i := rng.IntN(len(rest))
		op := rest[i]
		if !have[op.after] || !have[op.before] {
			continue
		}
		for k := range op.n {
			have[Dot{op.id.Replica, op.id.Seq + uint64(k)}] = true
		}
		out, rest = append(out, op), slices.Delete(rest, i, i+1)
	}
	return out
}
