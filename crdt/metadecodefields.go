package crdt

import (
	"math"
	"unicode/utf8"
)

// headFlags is the flags of a head, of which 0 is the first.
type headFlags uint64

func (f headFlags) has(i int) bool { return f>>i&1 != 0 }

// flags reads the flags of a head, of which there are at most n.
func (d *decoder) flags(head uint64, n int) headFlags {
	flags := headFlags(head >> metaKind)
	if flags >= 1<<n {
		d.fail("a field has flags that are not known")
	}
	return flags
}

// field reads one field, and what it shows, if it shows.
func (d *decoder) field(head uint64, shows bool) node {
	if d.depth++; d.depth > 2*maxPath {
		d.fail("fields are nested too deep")
	}
	defer func() { d.depth-- }()
	if d.err != nil {
		return nil
	}
	switch head & (1<<metaKind - 1) {
	case metaSet:
		return d.set(head, shows)
	case metaList:
		return d.list(head, shows)
	case metaMap:
		return d.mapField(head, shows)
	}
	var v any
	if shows {
		v = d.value()
	}
	switch head & (1<<metaKind - 1) {
	case metaRegister:
		return d.register(head, v, shows)
	case metaConflict:
		return d.conflict(head, v, shows)
	case metaCounter:
		return d.counter(head, v, shows)
	case metaExtreme:
		return d.extreme(head, v, shows)
	}
	return d.textField(head, v, shows)
}

func (d *decoder) register(head uint64, v any, shows bool) node {
	same := d.registers(head)
	if same.n != 1 {
		d.fail("one register is written as several")
	}
	return &registerField{v: v, set: shows, stamp: same.stamp}
}

func (d *decoder) conflict(head uint64, v any, shows bool) node {
	n := head >> metaKind
	if n >= uint64(len(d.buf)) {
		d.fail("the data ends too early")
		return nil
	}
	f := &conflictField{}
	var last Candidate
	for i := range int(n) + 1 {
		c := Candidate{ID: d.dot(), Value: v}
		c.Stamp, c.Absent = d.stamp()
		switch {
		case i == 0 && c.Absent == shows:
			d.fail("the first of several values is not the one that shows")
		case i > 0 && c.Absent:
			c.Value = nil
		case i > 0:
			c.Value = d.unseen()
		}
		if i > 0 && compareCandidates(last, c) >= 0 {
			d.fail("concurrent values are not in order")
		}
		if d.err != nil {
			return nil
		}
		f.candidates.push(c)
		last = c
	}
	return f
}

// unseen reads a value that does not show.
func (d *decoder) unseen() any {
	text := d.text()
	if d.err != nil {
		return nil
	}
	v, err := ParseValue([]byte(text), storedLimits)
	if err != nil {
		d.fail("a value that does not show: %w", err)
	}
	return v
}

// ensured reads what was said about showing while empty, if flag says there is any.
func (d *decoder) ensured(f *ensured, flag bool) {
	if flag {
		f.stamp, f.hidden = d.stamp()
	}
}

// mustHide is an error unless an empty field that does not show was hidden.
func (d *decoder) mustHide(f *ensured, shows, empty bool) {
	if shows == (empty && f.hidden) {
		d.fail("a field shows that should be hidden, or the other way round")
	}
}

func (d *decoder) counter(head uint64, v any, shows bool) node {
	f := &counterField{}
	said, told := head>>metaKind&1 != 0, head>>(metaKind+1)&1 != 0
	n := head >> (metaKind + 2)
	d.ensured(&f.ensured, said)
	if n > uint64(len(d.buf)) || told && n == 0 {
		d.fail("a counter has an impossible number of sums")
		return nil
	}
	f.sums = make([]replicaSum, 0, n)
	last := -1
	for i := range int(n) {
		place := int(d.uvarint(uint64(len(d.replicas.sorted))))
		if place <= last || place >= len(d.replicas.sorted) {
			d.fail("the sums of a counter are not in order")
			return nil
		}
		last = place
		if d.seen[d.replicas.sorted[place]].n == 0 {
			d.fail("a counter has a sum of a replica that changed nothing")
			return nil
		}
		var sum int64
		if told && i == int(n)-1 {
			sum = f.lastSum(v)
		} else {
			sum = longSum(d.varint(math.MaxInt64 / 2))
		}
		if sum == 0 || sum > maxMicros || sum < -maxMicros {
			d.fail("a counter has an impossible sum")
			return nil
		}
		f.sums = append(f.sums, replicaSum{d.replicas.sorted[place], sum})
	}
	total := f.number()
	d.mustHide(&f.ensured, shows, total == 0)
	if number, ok := v.(float64); shows && (!ok || number != total) {
		d.fail("a counter does not show the sum of what was added")
	}
	return f
}

// lastSum is the sum that makes a counter show v, when it is added to the others.
func (f *counterField) lastSum(v any) int64 {
	number, _ := v.(float64)
	total, _ := floatToMicros(number, maxReplicaSum)
	if others, ok := f.small(); ok {
		return total - others
	}
	others := f.total()
	if !others.IsInt64() {
		return 0
	}
	return total - others.Int64()
}

func (d *decoder) extreme(head uint64, v any, shows bool) node {
	flags := d.flags(head, 1)
	if !shows || !isExtreme(v) {
		d.fail("a maximum or minimum has no value")
		return nil
	}
	return &extremeField{v: v, max: !flags.has(0)}
}

func (d *decoder) textField(head uint64, v any, shows bool) node {
	text, ok := v.(string)
	if shows && !ok {
		d.fail("a text does not show as one")
		return nil
	}
	f := &textField{text: text}
	flags := d.flags(head, 2)
	d.ensured(&f.ensured, flags.has(0))
	n := utf8.RuneCountInString(text)
	runs := d.runs(flags.has(1), n)
	if d.err == nil && shownIn(runs) != n {
		d.fail("a text is not as long as it was written")
	}
	if d.err == nil {
		f.seq = newSequence(runs)
	}
	d.mustHide(&f.ensured, shows, text == "")
	return f
}

// runs reads a sequence; if it is one run, the value tells its length. How much is
// visible is for the caller to check, before anything is made of it.
func (d *decoder) runs(one bool, n int) []run {
	if !one {
		runs := decodeRuns(&d.reader, d.replicas)
		for i := range runs {
			d.came(runs[i].last())
		}
		return runs
	}
	first := d.dot()
	if n == 0 {
		d.fail("a run has no elements")
		return nil
	}
	d.came(Dot{first.Replica, first.Seq + uint64(n) - 1})
	return []run{{id: first, n: n}}
}
