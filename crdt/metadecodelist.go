package crdt

func (d *decoder) list(head uint64, shows bool) node {
	n := 0
	if shows {
		n = d.shown.elements()
	}
	f := newListField()
	flags := d.flags(head, 3)
	d.ensured(&f.ensured, flags.has(0))
	d.mustHide(&f.ensured, shows, n == 0)
	runs := d.runs(flags.has(1), n)
	places := d.placeList(runs)
	if d.err != nil {
		return nil
	}
	f.seq = newSequence(runs)
	if flags.has(2) {
		f.placed(places)
	} else {
		d.places(f, places)
	}
	d.rows(f, shows)
	return f
}

// placeList lists the places of a sequence. Each has at least one byte still to be
// read, which bounds how many there can be.
func (d *decoder) placeList(runs []run) []Dot {
	n := 0
	for i := range runs {
		if n += runs[i].n; n > len(d.buf) || runs[i].deleted {
			d.fail("a list has more places than are written, or removed ones")
			return nil
		}
	}
	places := make([]Dot, 0, n)
	for i := range runs {
		for k := range runs[i].n {
			places = append(places, runs[i].dot(k))
		}
	}
	return places
}

// placed puts in rows that stand where they were placed.
func (f *listField) placed(slots []Dot) {
	rows := make([]rowState, len(slots))
	for i, slot := range slots {
		rows[i] = rowState{id: slot, slot: slot}
		f.rows[slot] = &rows[i]
	}
}

// places reads the places that are not of the common kind and makes all rows.
func (d *decoder) places(f *listField, places []Dot) {
	left := map[Dot]bool{} // rows that were moved and not found again yet
	uncommon := d.count(2)
	taken := make([]*rowState, 0, uncommon)
	for i := 0; d.err == nil; uncommon-- {
		common := len(places) - i
		if uncommon > 0 {
			common = int(d.uvarint(uint64(common)))
		}
		f.placed(places[i : i+common])
		if i += common; uncommon == 0 {
			break
		}
		if i == len(places) {
			d.fail("a list has fewer places than are described")
			return
		}
		if row := d.place(f, places[i], left); row != nil {
			taken = append(taken, row)
		}
		i++
	}
	for _, row := range taken {
		if !left[row.id] {
			d.fail("a row stands at two places of a list")
			return
		}
		delete(left, row.id)
		f.put(row.id, row)
	}
	if len(left) > 0 {
		d.fail("a row stands nowhere in a list")
	}
}

// place reads one place that is not of the common kind, and gives the row that moved
// there.
func (d *decoder) place(f *listField, slot Dot, left map[Dot]bool) *rowState {
	form := d.byte()
	row := &rowState{id: slot, slot: slot}
	switch form & placeForms {
	case placeLeft:
		left[slot] = true
		row = nil
	case placeDead:
		row = nil
	case placeTaken:
		row.id = d.dot()
		row.at, _ = d.stamp()
	}
	if form >= 2*placeEdited || row == nil && form > placeForms || form == placeOwn {
		d.fail("a place of a list is of an unknown kind")
		return nil
	}
	if form&placeCovered != 0 {
		row.cover = d.vector()
	}
	if form&placeEdited != 0 {
		row.edits = d.vector()
		for r, n := range row.edits {
			if n > d.seen[r].n {
				d.fail("a row was edited by a change that has not come")
			}
		}
	}
	if row == nil || row.id != slot {
		return row
	}
	f.rows[slot] = row
	return nil
}

// rows reads the contents of the rows, and what those show that are in the value.
func (d *decoder) rows(f *listField, shows bool) {
	if d.err != nil {
		return
	}
	more := shows && d.shown.begin('[', ']')
	f.each(func(row *rowState) {
		if !more {
			d.fail("a list has more rows than it shows")
		}
		d.row(row)
		more = d.err == nil && d.shown.next(']')
	})
	if d.readable(); more {
		d.fail("a list has fewer rows than it shows")
	}
	f.eachRow(func(row *rowState) {
		if !row.alive() {
			d.row(row)
		}
	})
}

// row reads the contents of one row. Without contents that show it shows as {}.
func (d *decoder) row(row *rowState) {
	if d.err != nil {
		return
	}
	switch head := d.head(); {
	case head == metaRemoved && !row.alive():
		d.removed(row)
		return
	case head == metaUnseen:
		row.content = d.field(d.head(), false)
	case head != metaNothing && row.alive():
		row.content = d.field(head, true)
		return
	case head != metaNothing:
		d.fail("a removed row is written as one that shows")
	}
	if row.alive() && d.shown.begin('{', '}') {
		d.fail("a row without contents shows some")
	}
	d.readable()
}

// removed reads the contents of a removed row and what they would show.
func (d *decoder) removed(row *rowState) {
	value := d.shown
	d.shown = storedValue(d.bytes(d.count(1)))
	row.content = d.field(d.head(), true)
	d.shown.end()
	d.readable()
	d.shown = value
}
