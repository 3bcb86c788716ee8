package collections

import (
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// tellPlace tells what the change did at one place, by the kind of the operations,
// which all belong to one strategy. alone says that nothing else of the field changed.
func (t *teller) tellPlace(path []string, ops []*crdt.Op, alone bool) []clause {
	if only := ops[0]; len(ops) == 1 && only.Kind == crdt.OpEnsure {
		return t.tellEnsure(path, only, alone)
	}
	ops = slices.DeleteFunc(slices.Clone(ops), func(op *crdt.Op) bool { return op.Kind == crdt.OpEnsure })
	var clauses []clause
	switch ops[0].Kind {
	case crdt.OpSet, crdt.OpUnset:
		clauses = append(clauses, t.tellSet(path, ops[0]))
	case crdt.OpAssign:
		clauses = append(clauses, t.tellAssign(path, ops[0]))
	case crdt.OpAdd:
		clauses = append(clauses, t.tellAdd(path, ops))
	case crdt.OpRaise, crdt.OpLower:
		clauses = append(clauses, t.tellExtreme(path, ops[0]))
	case crdt.OpInclude, crdt.OpExclude:
		clauses = t.tellSetOf(path, ops)
	case crdt.OpInsert, crdt.OpCut:
		clauses = append(clauses, t.tellText(path, ops))
	case crdt.OpPlace, crdt.OpMove, crdt.OpDrop:
		clauses = t.tellRows(path, ops)
	}
	return clauses
}

// tellSet tells of a register: its value shows, or a newer one does.
func (t *teller) tellSet(path []string, op *crdt.Op) clause {
	label, wrote := t.label(path), say(op.Value)
	now, there := t.at(path)
	empties := op.Kind == crdt.OpUnset
	if there != empties && (!there || crdt.EqualValues(now, op.Value)) {
		if empties {
			return clause{did: didRemove, text: schema.Says("%s: emptied", label)}
		}
		return clause{did: didSet, text: schema.Says("%s: %s", label, wrote)}
	}
	c := clause{did: didSet, lost: true, loss: &Loss{Path: path, Wrote: op.Value}}
	switch {
	case empties:
		c.did, c.text = didRemove, schema.Says("%s: emptied, but a newer value was there: %s", label, say(now))
	case there:
		c.text = schema.Says("%s: %s, but a newer value was there: %s", label, wrote, say(now))
	default:
		c.text = schema.Says("%s: %s, but it had been emptied since", label, wrote)
	}
	return c
}

// tellAssign tells of a field that keeps all values until somebody picks.
func (t *teller) tellAssign(path []string, op *crdt.Op) clause {
	label, others := t.label(path), t.others(path, op)
	switch {
	case !op.Has && others == nil:
		return clause{did: didRemove, text: schema.Says("%s: emptied", label)}
	case !op.Has:
		return clause{did: didRemove, text: schema.Says("%s: emptied, while others say %s", label, others)}
	case others == nil:
		return clause{did: didSet, text: schema.Says("%s: %s", label, say(op.Value))}
	}
	return clause{did: didSet, text: schema.Says("%s: %s, while others say %s", label, say(op.Value), others)}
}

// others are the values that a field keeps beside the one that an operation wrote.
func (t *teller) others(path []string, op *crdt.Op) schema.List {
	var others schema.List
	for _, d := range t.doc.Disagreements() {
		if !slices.Equal(d.Path, path) {
			continue
		}
		for _, v := range d.Values {
			if v.ID != (crdt.Dot{Replica: t.change.Replica, Seq: op.ID}) {
				others = append(others, sayCandidate(v))
			}
		}
	}
	return others
}

func sayCandidate(v crdt.Candidate) any {
	if v.Absent {
		return schema.Says("nothing")
	}
	return say(v.Value)
}

// tellAdd tells of a counter.
func (t *teller) tellAdd(path []string, ops []*crdt.Op) clause {
	sum := 0.0
	for _, op := range ops {
		amount, _ := op.Value.(float64)
		sum += amount
	}
	if sum < 0 {
		return clause{did: didAdd, text: schema.Says("%s: %s taken away", t.label(path), say(-sum))}
	}
	return clause{did: didAdd, text: schema.Says("%s: %s added", t.label(path), say(sum))}
}

// tellExtreme tells of a maximum or a minimum.
func (t *teller) tellExtreme(path []string, op *crdt.Op) clause {
	label, wrote := t.label(path), say(op.Value)
	now, _ := t.at(path)
	lost := !crdt.EqualValues(now, op.Value)
	c := clause{did: didRaise}
	switch {
	case op.Kind == crdt.OpLower && lost:
		c = clause{did: didLower, text: schema.Says("%s: %s, but %s was there, which is less", label, wrote, say(now))}
	case op.Kind == crdt.OpLower:
		c = clause{did: didLower, text: schema.Says("%s: lowered to %s", label, wrote)}
	case lost:
		c.text = schema.Says("%s: %s, but %s was there, which is more", label, wrote, say(now))
	default:
		c.text = schema.Says("%s: raised to %s", label, wrote)
	}
	if lost {
		c.lost, c.loss = true, &Loss{Path: path, Wrote: op.Value}
	}
	return c
}

// tellSetOf tells what came into a set and what went.
func (t *teller) tellSetOf(path []string, ops []*crdt.Op) []clause {
	var in, out, kept schema.List
	now, _ := t.at(path)
	elements, _ := now.([]any)
	for _, op := range ops {
		has := slices.ContainsFunc(elements, func(v any) bool { return crdt.EqualValues(v, op.Value) })
		switch {
		case op.Kind == crdt.OpInclude:
			in = append(in, say(op.Value))
		case has:
			kept = append(kept, say(op.Value))
		default:
			out = append(out, say(op.Value))
		}
	}
	var clauses []clause
	label := t.label(path)
	if in != nil {
		clauses = append(clauses, clause{did: didInclude, text: schema.Says("%s: %s put in", label, in)})
	}
	if out != nil {
		clauses = append(clauses, clause{did: didExclude, text: schema.Says("%s: %s taken out", label, out)})
	}
	if kept != nil {
		text := schema.Says("%s: %s taken out, but kept: somebody had added it meanwhile", label, kept)
		clauses = append(clauses, clause{did: didExclude, text: text, lost: true})
	}
	return clauses
}

// tellText tells what was typed and how much was removed.
func (t *teller) tellText(path []string, ops []*crdt.Op) clause {
	var typed []string
	removed := 0
	for _, op := range ops {
		if op.Kind == crdt.OpInsert {
			typed = append(typed, op.Text)
		}
		for _, span := range op.Spans {
			removed += int(span.Len)
		}
	}
	label, gone := t.label(path), schema.SaysOf(removed, "%d character", "%d characters")
	switch {
	case typed == nil:
		return clause{did: didText, text: schema.Says("%s: %s removed", label, gone)}
	case removed == 0:
		return clause{did: didText, text: schema.Says("%s: %s typed", label, quote(typed))}
	}
	return clause{did: didText, text: schema.Says("%s: %s typed, %s removed", label, quote(typed), gone)}
}

// tellRows tells which rows came, went and moved.
func (t *teller) tellRows(path []string, ops []*crdt.Op) []clause {
	added, moved, dropped, kept := 0, 0, 0, 0
	rows := t.doc.Rows(path...)
	for _, op := range ops {
		shows := slices.ContainsFunc(rows, func(r crdt.Row) bool { return r.ID == op.Row })
		switch {
		case op.Kind == crdt.OpPlace:
			added++
		case op.Kind == crdt.OpMove:
			moved++
		case shows:
			kept++
		default:
			dropped++
		}
	}
	label := t.label(path)
	var clauses []clause
	tell := func(n int, text schema.Sentence, lost bool) {
		if n > 0 {
			clauses = append(clauses, clause{did: didRows, text: text, lost: lost})
		}
	}
	tell(added, schema.SaysOf(added, "%[2]s: %[1]d row added", "%[2]s: %[1]d rows added", label), false)
	tell(moved, schema.SaysOf(moved, "%[2]s: %[1]d row moved", "%[2]s: %[1]d rows moved", label), false)
	tell(dropped, schema.SaysOf(dropped, "%[2]s: %[1]d row removed", "%[2]s: %[1]d rows removed", label), false)
	tell(kept, schema.SaysOf(kept, "%[2]s: %[1]d row removed, but kept: somebody had edited it meanwhile",
		"%[2]s: %[1]d rows removed, but kept: somebody had edited them meanwhile", label), true)
	return clauses
}

// tellEnsure tells that a field shows while it is empty, or does not. Where more was
// done to the field, that tells it.
func (t *teller) tellEnsure(path []string, op *crdt.Op, alone bool) []clause {
	switch {
	case !alone:
		return nil
	case op.Value == true && op.As == crdt.Counter:
		return []clause{{did: didSet, text: schema.Says("%s: %s", t.label(path), "0")}}
	case op.Value == true:
		return []clause{{did: didSet, text: schema.Says("%s: %s", t.label(path), say(""))}}
	}
	return []clause{{did: didRemove, text: schema.Says("%s: emptied", t.label(path))}}
}

// at is the value at a path after the change; row ids stand for rows.
func (t *teller) at(path []string) (value any, there bool) {
	value = t.after
	for i, segment := range path {
		switch v := value.(type) {
		case map[string]any:
			if value, there = v[segment]; !there {
				return nil, false
			}
		case []any:
			rows := t.doc.Rows(path[:i]...)
			row := slices.IndexFunc(rows, func(r crdt.Row) bool { return r.ID.String() == segment })
			if row < 0 {
				return nil, false
			}
			value, there = rows[row].Value, true
		default:
			return nil, false
		}
	}
	return value, there
}
