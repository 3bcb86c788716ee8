package crdt

import "testing"

// Two people who see each other take turns at one text: all of it is woven, though the
// elements of each have gaps between them.
func TestWeave_TakesTurns(t *testing.T) {
	f := &textField{}
	id := [2]Dot{{1, 0}, {2, 0}}
	var w *weave
	last := Dot{}
	for i := range 50 {
		r := run{id: Dot{id[i%2].Replica, id[i%2].Seq + 1}, n: 2, after: last}
		id[i%2].Seq += 2
		if i == 0 {
			w = newWeave(f, nil, r, "ab", 0, 0)
		} else if !w.insert(r, "ab") {
			t.Fatalf("turn %d is not taken in", i)
		}
		last = r.last()
	}
	if w.insert(run{id: Dot{1, 99}, n: 1, after: Dot{1, 1}, before: Dot{1, 3}}, "x") {
		t.Error("what does not go between neighbours is taken in")
	}
	if w.insert(run{id: Dot{3, 1}, n: 1, after: Dot{3, 7}}, "x") || w.cut(Span{Dot{3, 1}, 1}) || w.cut(Span{Dot{1, 51}, 2}) {
		t.Error("an element that is not here is found")
	}
	if !w.cut(Span{Dot{1, 2}, 3}) { // across two turns
		t.Error("elements that are here cannot be removed")
	}
	w.finish()
	// Each turn was ab: of those of the first writer, one loses its b and the next all.
	if text := f.string(); len(text) != 97 || text[:5] != "aabab" {
		t.Errorf("the text is %q", text)
	}
}
