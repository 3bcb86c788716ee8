package crdt

// A list is written as its sequence of places, then the places that are not what
// most are, then the contents of the rows: first of those that show, in the order of
// the value, then of those that were removed. Most places hold the row that was
// placed there, which nobody removed and no later change edited. Of the others there
// is a count and for each how many of the common kind stand before it, a form, and
// what the form says.
const (
	placeOwn   = iota // holds the row placed there
	placeLeft         // the row placed there was moved elsewhere
	placeTaken        // holds a row that moved here: its dot and the stamp of the move follow
	placeDead         // held a row that has moved on

	placeForms   = 3
	placeCovered = 4 // what removals of the row saw follows
	placeEdited  = 8 // what edited the row follows
)

// form is what a place is written as and the row that stands there, if any does.
func (f *listField) form(slot Dot) (byte, *rowState) {
	row := f.standing(slot)
	var form byte
	switch {
	case row == nil && f.rows[slot] != nil:
		form = placeLeft
	case row == nil:
		form = placeDead
	case row.id != slot:
		form = placeTaken
	}
	if row != nil && len(row.cover) > 0 {
		form |= placeCovered
	}
	if row != nil && len(row.edits) > 0 {
		form |= placeEdited
	}
	return form, row
}

func (e *encoder) list(f *listField) {
	first, one := f.seq.oneRun(f.shown())
	common := f.isCommon()
	e.head(metaList, f.said(), one, common)
	e.ensured(&f.ensured)
	e.sequence(&f.seq, first, one)
	if !common {
		e.places(f)
	}
	e.rows(f)
}

// isCommon reports whether all places are of the common kind.
func (f *listField) isCommon() bool {
	common := true
	f.seq.eachElement(func(slot Dot) {
		form, _ := f.form(slot)
		common = common && form == placeOwn
	})
	return common
}

func (e *encoder) places(f *listField) {
	uncommon := uint64(0)
	f.seq.eachElement(func(slot Dot) {
		if form, _ := f.form(slot); form != placeOwn {
			uncommon++
		}
	})
	e.number(uncommon)
	common := uint64(0)
	f.seq.eachElement(func(slot Dot) {
		form, row := f.form(slot)
		if form == placeOwn {
			common++
			return
		}
		e.number(common)
		e.place(form, row)
		common = 0
	})
}

func (e *encoder) place(form byte, row *rowState) {
	e.dst = append(e.dst, form)
	if form&placeForms == placeTaken {
		e.dot(row.id)
		e.stamp(row.at, false)
	}
	if form&placeCovered != 0 {
		e.vector(row.cover)
	}
	if form&placeEdited != 0 {
		e.vector(row.edits)
	}
}

// rows writes the contents of the rows. Those of a removed row are nowhere in the
// value, so what they would show comes with them.
func (e *encoder) rows(f *listField) {
	f.each(e.row)
	f.eachRow(func(row *rowState) {
		if !row.alive() {
			e.row(row)
		}
	})
}

// row writes the contents of a row.
func (e *encoder) row(row *rowState) {
	switch {
	case row.content == nil:
		e.number(metaNothing)
	case !shows(row.content):
		e.number(metaUnseen)
		e.field(row.content, false)
	case row.alive():
		e.field(row.content, true)
	default:
		e.number(metaRemoved)
		e.dst = appendText(e.dst, string(appendShown(nil, row.content)))
		e.field(row.content, true)
	}
}
