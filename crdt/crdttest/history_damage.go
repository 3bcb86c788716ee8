package crdttest

import (
	"maps"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// offer gives a copy a change in which something was made wrong, as it would come from
// somebody who means harm.
func (h *historian) offer(on int) {
	number := pick(h.rand, h.made)
	if number == 0 {
		return
	}
	c := *h.player.changes[number]
	switch {
	case !h.forks: // nobody else is called so
		c.Replica = crdt.Replica(1<<32 + len(h.Steps))
		c.Prev, c.N = 0, c.N-c.Prev
	case h.rand.IntN(4) > 0: // else it is mostly a duplicate
		c.Replica = pick(h.rand, h.people)
		c.Prev = h.player.docs[on].Seen()[c.Replica]
		c.N = c.Prev + 1
	}
	v := h.damaged(parsed(crdt.AppendChange(nil, &c)))
	h.add(Step{Do: "offer", On: on, Text: crdt.Canonical(v)})
}

// damaged is a value in which one thing is something else.
func (h *historian) damaged(v any) any {
	stop := h.rand.IntN(8) == 0
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 || stop {
			break
		}
		object := maps.Clone(v)
		key := pick(h.rand, slices.Sorted(maps.Keys(object)))
		switch h.rand.IntN(12) {
		case 0:
			delete(object, key)
		case 1:
			object[pick(h.rand, []string{"id", "over", "saw", "after", "as", "path", "constructor", "extra", "prev"})] = h.rubbish()
		default:
			object[key] = h.damaged(v[key])
		}
		return object
	case []any:
		if len(v) == 0 || stop {
			break
		}
		list := slices.Clone(v)
		i := h.rand.IntN(len(list))
		switch h.rand.IntN(12) {
		case 0:
			return slices.Delete(list, i, i+1)
		case 1:
			return slices.Insert(list, i, list[h.rand.IntN(len(list))])
		case 2:
			return slices.Insert(list, i, h.rubbish())
		}
		list[i] = h.damaged(v[i])
		return list
	}
	return h.rubbish()
}

// rubbish is something that may be anywhere but mostly belongs elsewhere.
func (h *historian) rubbish() any {
	deep := any([]any{})
	for range 30 + h.rand.IntN(6) {
		deep = []any{deep}
	}
	by := pick(h.rand, h.people).String()
	return pick(h.rand, []any{
		nil, true, false, 0.0, 1.0, 2.0, 7.0, -1.0, 0.5, 9007199254740991.0, 9007199254740990.0, 1e21, 1e9, 1e9 + 1, 0.0000001,
		"", "a", "title", "__proto__", strings.Repeat("é", 129), "ffffffffffff-ffff", by, by + ".1", by + ".2", by + ".3+2",
		by + ".9007199254740991", by + ".1099511627776", "0123456789abcdef.4", "0123456789abcdef.4+9007199254740988",
		"set", "unset", "add", "raise", "lower", "assign", "include", "exclude", "insert", "cut", "place", "move", "drop", "ensure",
		"create", "delete", "restore", "text", "map", "list", "counter", "register",
		[]any{}, map[string]any{}, []any{"title"}, []any{by + ".1"}, []any{by + ".1", by + ".2"}, map[string]any{by: 1.0}, deep,
	})
}
