package crdt

import "maps"

// listField keeps rows in an order. A row's identity is the dot of the operation
// that placed it; where it stands is a register beside it, which names a slot in the
// sequence. Moving a row makes a new slot and points the row at it, so of two
// concurrent moves one wins and the row never doubles. (Kleppmann, "Moving elements
// in list CRDTs", PaPoC 2020.)
type listField struct {
	seq   sequence // of slots; none is ever cut
	rows  map[Dot]*rowState
	moved map[Dot]*rowState // by slot, the rows that no longer stand where they were placed
	ensured
}

// rowState is one row. A removed row keeps its contents: an edit that comes later
// but that the removal had not seen brings it back whole.
type rowState struct {
	id      Dot
	slot    Dot   // where it stands
	at      Stamp // of the move that put it there, zero: it was never moved
	content node  // nil: nobody wrote to it, it shows as {}
	cover   Vector
	edits   Vector
}

func newListField() *listField {
	return &listField{rows: map[Dot]*rowState{}}
}

func (f *listField) strategy() Strategy { return List }

func (f *listField) value() (any, bool) {
	values := []any{}
	f.each(func(row *rowState) { values = append(values, row.value()) })
	if len(values) == 0 && f.hidden {
		return nil, false
	}
	return values, true
}

func (r *rowState) value() any {
	if r.content != nil {
		if v, shown := r.content.value(); shown {
			return v
		}
	}
	return map[string]any{}
}

// each calls yield for the rows that show, in order.
func (f *listField) each(yield func(row *rowState)) {
	f.eachRow(func(row *rowState) {
		if row.alive() {
			yield(row)
		}
	})
}

// eachRow calls yield for all rows, removed ones too, in the order they stand.
func (f *listField) eachRow(yield func(row *rowState)) {
	f.seq.eachElement(func(slot Dot) {
		if row := f.standing(slot); row != nil {
			yield(row)
		}
	})
}

// standing is the row at a slot, nil if it was moved away.
func (f *listField) standing(slot Dot) *rowState {
	if row := f.rows[slot]; row != nil {
		if row.slot == slot {
			return row
		}
		return nil
	}
	return f.moved[slot]
}

// visible lists the rows that show, in order.
func (f *listField) visible() []*rowState {
	var rows []*rowState
	f.each(func(row *rowState) { rows = append(rows, row) })
	return rows
}

// alive reports whether the row shows: nobody removed it, or somebody edited its
// contents in a change that no removal had seen.
func (r *rowState) alive() bool { return !covered(r.cover, r.edits) }

func (f *listField) clone() node {
	c := &listField{
		seq:     f.seq.clone(),
		rows:    make(map[Dot]*rowState, len(f.rows)),
		ensured: f.ensured,
	}
	for id, row := range f.rows {
		c.put(id, row.clone())
	}
	return c
}

// put takes a row in and notes where it stands.
func (f *listField) put(id Dot, row *rowState) {
	f.rows[id] = row
	if row.slot != id {
		f.noteMoved(row)
	}
}

func (f *listField) noteMoved(row *rowState) {
	if f.moved == nil {
		f.moved = map[Dot]*rowState{}
	}
	f.moved[row.slot] = row
}

func (r *rowState) clone() *rowState {
	c := *r
	if r.content != nil {
		c.content = r.content.clone()
	}
	c.cover, c.edits = maps.Clone(r.cover), maps.Clone(r.edits)
	return &c
}

func (f *listField) apply(op *Op, by *author) {
	switch op.Kind {
	case OpEnsure:
		f.ensure(op, by)
	case OpPlace:
		id := Dot{by.stamp.Replica, op.ID}
		f.seq.insert(id, 1, op.After, op.Before, "")
		f.rows[id] = &rowState{id: id, slot: id}
	case OpMove:
		slot := Dot{by.stamp.Replica, op.ID}
		f.seq.insert(slot, 1, op.After, op.Before, "")
		f.stand(f.rows[op.Row], slot, by.stamp)
	case OpDrop:
		f.rows[op.Row].drop(op.Saw, by)
	}
}

// inList checks the operations of a list.
func (k *checker) inList(op *Op, field node) string {
	if op.Kind != OpPlace {
		if message := checkElement(op.Row); message != "" {
			return message
		}
		if message := k.row(field, op.Path, op.Row); message != "" {
			return message
		}
	}
	if op.Kind == OpDrop {
		return k.saw(op.Saw)
	}
	var seq *sequence
	if f, ok := field.(*listField); ok {
		seq = &f.seq
	}
	return k.place(op, seq)
}

// stand moves a row to a slot unless a newer move has put it elsewhere. The place it
// was made at is older than every move, whatever the clocks said; of two moves in
// one change the later one counts.
func (f *listField) stand(row *rowState, slot Dot, at Stamp) {
	if c := at.Compare(row.at); c < 0 || c == 0 && slot.Compare(row.slot) <= 0 {
		return
	}
	delete(f.moved, row.slot)
	row.slot, row.at = slot, at
	f.noteMoved(row)
}

// drop removes what the author saw of the row, the change itself included.
func (r *rowState) drop(saw Vector, by *author) {
	r.cover = raise(r.cover, saw)
	r.cover = raiseTo(r.cover, by.stamp.Replica, by.n)
}

// edit notes that a change wrote to the row's contents. The change that placed the
// row does not count: every removal has seen that one.
func (r *rowState) edit(by *author) {
	if !by.made(r.id) {
		r.edits = raiseTo(r.edits, by.stamp.Replica, by.n)
	}
}

// inside is the contents of the row, made if nobody wrote to it.
func (r *rowState) inside(s Strategy) node {
	if r.content == nil {
		r.content = newNode(s)
	}
	return r.content
}

func (f *listField) merge(other node, j *join) {
	o := other.(*listField)
	f.seq.merge(f.seq.newsFrom(&o.seq, ""))
	for id, theirs := range o.rows {
		ours := f.rows[id]
		if ours == nil {
			f.put(id, theirs.clone())
			continue
		}
		if theirs.slot != id {
			f.stand(ours, theirs.slot, theirs.at)
		}
		ours.content = j.fields(ours.content, theirs.content)
		ours.cover = raise(ours.cover, theirs.cover)
		ours.edits = raise(ours.edits, theirs.edits)
	}
	f.mergeEnsured(&o.ensured, j)
}

// Row is one row of a list: its identity and its value.
type Row struct {
	ID    Dot
	Value any
}

// Rows lists the rows of the list at path in order, nil if there is no list.
func (d *Document) Rows(path ...string) []Row {
	f, ok := d.find(path).(*listField)
	if !ok {
		return nil
	}
	rows := []Row{}
	f.each(func(row *rowState) { rows = append(rows, Row{row.id, row.value()}) })
	return rows
}
