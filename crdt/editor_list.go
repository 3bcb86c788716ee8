package crdt

import "slices"

// list is the list at path, an empty one if it is not there yet.
func (e *Editor) list(path []string) (*listField, error) {
	field, err := e.field(path, List)
	if err != nil {
		return nil, err
	}
	if f, ok := field.(*listField); ok {
		return f, nil
	}
	return newListField(), nil
}

// InsertRow puts a row at index; MoveRow moves the row with that id so that its new
// index is index; RemoveRow removes it.
func (e *Editor) InsertRow(path []string, index int, value any) (Dot, error) {
	if message := checkPlain(value, maxDepth); message != "" {
		return Dot{}, refuse(path, "%s", message)
	}
	list, err := e.list(path)
	if err != nil {
		return Dot{}, err
	}
	rows := list.visible()
	if index < 0 || index > len(rows) {
		return Dot{}, refuse(path, "The list %q has %d rows, so none can be put at %d.", pathName(path), len(rows), index)
	}
	var id Dot
	err = e.attempt(func(f *Editor) error {
		id, err = f.insertRow(path, rowBefore(rows, index), e.planFor(path).row(), value)
		return err
	})
	return id, err
}

func (e *Editor) MoveRow(path []string, row Dot, index int) error {
	list, err := e.list(path)
	if err != nil {
		return err
	}
	rows := list.visible()
	from := slices.IndexFunc(rows, func(r *rowState) bool { return r.id == row })
	switch {
	case from < 0:
		return refuse(path, "The list %q has no row %s: it may have been removed.", pathName(path), row)
	case index < 0 || index >= len(rows):
		return refuse(path, "The list %q has %d rows, so none can move to %d.", pathName(path), len(rows), index)
	case index == from:
		return nil
	}
	rows = slices.Delete(rows, from, from+1)
	return e.moveRow(path, row, rowBefore(rows, index))
}

func (e *Editor) RemoveRow(path []string, row Dot) error {
	list, err := e.list(path)
	if err != nil {
		return err
	}
	if r := list.rows[row]; r == nil || !r.alive() {
		return refuse(path, "The list %q has no row %s: it may have been removed.", pathName(path), row)
	}
	return e.dropRow(path, row)
}

// rowBefore names the row before index, zero at the start.
func rowBefore(rows []*rowState, index int) Dot {
	if index == 0 {
		return Dot{}
	}
	return rows[index-1].id
}

// origins are the slots between which something goes that is to follow a row; zero:
// that is to come first.
func (e *Editor) origins(path []string, behind Dot) (after, before Dot) {
	f, ok := e.work.find(path).(*listField)
	if !ok {
		return Dot{}, Dot{}
	}
	if row := f.rows[behind]; row != nil {
		after = row.slot
	}
	return after, f.seq.next(after)
}

// insertRow puts a new row directly behind another, zero: at the start.
func (e *Editor) insertRow(path []string, behind Dot, plan *Plan, value any) (Dot, error) {
	id := Dot{e.by.stamp.Replica, e.nextID()}
	after, before := e.origins(path, behind)
	if err := e.add(Op{Kind: OpPlace, Path: path, ID: id.Seq, After: after, Before: before}); err != nil {
		return Dot{}, err
	}
	return id, e.putRow(path, id, plan, value)
}

// putRow makes the contents of a row equal value.
func (e *Editor) putRow(path []string, row Dot, plan *Plan, value any) error {
	list := e.work.find(path).(*listField)
	if EqualValues(list.rows[row].value(), value) {
		return nil
	}
	path = under(path, row.String())
	if e.plan == nil {
		plan = e.planFor(path)
	}
	return e.put(path, plan, value)
}

// moveRow moves a row directly behind another, zero: to the start.
func (e *Editor) moveRow(path []string, row, behind Dot) error {
	after, before := e.origins(path, behind)
	return e.add(Op{Kind: OpMove, Path: path, Row: row, ID: e.nextID(), After: after, Before: before})
}

func (e *Editor) dropRow(path []string, row Dot) error {
	return e.add(Op{Kind: OpDrop, Path: path, Row: row, Saw: e.base.Seen()})
}

// rowAt splits the path of a row into its list and its id.
func (e *Editor) rowAt(path []string) (Dot, []string, bool) {
	list, segment := path[:len(path)-1], path[len(path)-1]
	if _, ok := e.work.find(list).(*listField); !ok || !isElement(segment) {
		return Dot{}, nil, false
	}
	id, _ := ParseDot(segment)
	return id, list, true
}

func (e *Editor) putList(path []string, plan *Plan, value any) error {
	wanted, ok := value.([]any)
	if !ok {
		return refuse(path, "The field %q takes a list.", pathName(path))
	}
	list, err := e.list(path)
	if err != nil {
		return err
	}
	m := matchRows(list.visible(), wanted)
	for _, row := range m.dropped {
		if err := e.dropRow(path, row); err != nil {
			return err
		}
	}
	behind := Dot{}
	for i, match := range m.rows {
		id, err := e.settle(path, plan, match, behind, wanted[i])
		if err != nil {
			return err
		}
		behind = id
	}
	return e.show(path, List)
}

// settle brings about one row of the wanted list, directly behind the one before it.
// Rows that stay keep their order among themselves, so by placing every other row
// behind its predecessor, first to last, all come to stand in the wanted order.
func (e *Editor) settle(path []string, plan *Plan, match rowMatch, behind Dot, value any) (Dot, error) {
	if match.row == (Dot{}) {
		return e.insertRow(path, behind, plan, value)
	}
	if match.moves {
		if err := e.moveRow(path, match.row, behind); err != nil {
			return Dot{}, err
		}
	}
	if !plan.oneWay() {
		return match.row, e.putRow(path, match.row, plan, value)
	}
	err := e.attempt(func(f *Editor) error { return f.putRow(path, match.row, plan, value) })
	if err == nil {
		return match.row, nil
	}
	// The row cannot become this value (a maximum in it would have to go down), so it
	// was not this row.
	if err := e.dropRow(path, match.row); err != nil {
		return Dot{}, err
	}
	return e.insertRow(path, behind, plan, value)
}

// oneWay reports whether some values can never follow upon others: there is a
// maximum or minimum somewhere.
func (p *Plan) oneWay() bool {
	if p == nil {
		return false
	}
	for _, field := range p.Fields {
		if field.oneWay() {
			return true
		}
	}
	return p.Strategy == Max || p.Strategy == Min || p.Rest.oneWay() || p.Row.oneWay()
}

// matching says for each wanted row which row it is, and which rows go.
type matching struct {
	rows    []rowMatch
	dropped []Dot
}

type rowMatch struct {
	row   Dot // zero: a new one
	moves bool
}

// matchRows pairs wanted rows with those there are: equal ones in their order, then
// equal ones elsewhere (which moved), then those that stand between the same
// neighbours (which were edited).
func matchRows(rows []*rowState, wanted []any) matching {
	have, want := make([]string, len(rows)), make([]string, len(wanted))
	for i, row := range rows {
		have[i] = Canonical(row.value())
	}
	for j, v := range wanted {
		want[j] = Canonical(v)
	}
	stretches := diff(len(have), len(want), func(i, j int) bool { return have[i] == want[j] })
	m := matching{rows: make([]rowMatch, len(wanted))}
	left := make([]bool, len(rows)) // not matched yet
	keep(&m, rows, left, stretches)
	matchMoved(&m, rows, left, stretches, have, want)
	matchEdited(&m, rows, left, stretches)
	for i, row := range rows {
		if left[i] {
			m.dropped = append(m.dropped, row.id)
		}
	}
	return m
}

// keep matches the rows outside all stretches and marks the others as left.
func keep(m *matching, rows []*rowState, left []bool, stretches []stretch) {
	i, j := 0, 0
	for _, s := range append(slices.Clone(stretches), stretch{a: len(rows), aEnd: len(rows), b: len(m.rows)}) {
		for ; i < s.a; i, j = i+1, j+1 {
			m.rows[j].row = rows[i].id
		}
		for ; i < s.aEnd; i++ {
			left[i] = true
		}
		j = s.bEnd
	}
}

// matchMoved matches equal rows that stand elsewhere.
func matchMoved(m *matching, rows []*rowState, left []bool, stretches []stretch, have, want []string) {
	places := map[string][]int{}
	for i := range rows {
		if left[i] {
			places[have[i]] = append(places[have[i]], i)
		}
	}
	for _, s := range stretches {
		for j := s.b; j < s.bEnd; j++ {
			if found := places[want[j]]; len(found) > 0 {
				places[want[j]] = found[1:]
				m.rows[j] = rowMatch{rows[found[0]].id, true}
				left[found[0]] = false
			}
		}
	}
}

// matchEdited matches what is left within each stretch, in order.
func matchEdited(m *matching, rows []*rowState, left []bool, stretches []stretch) {
	for _, s := range stretches {
		i := s.a
		for j := s.b; j < s.bEnd; j++ {
			if m.rows[j].row != (Dot{}) {
				continue
			}
			for i < s.aEnd && !left[i] {
				i++
			}
			if i < s.aEnd {
				m.rows[j].row = rows[i].id
				left[i] = false
			}
		}
	}
}
