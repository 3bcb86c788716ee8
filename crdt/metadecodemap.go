package crdt

import "math"

// mapField reads a map, of which the value tells the fields that show.
func (d *decoder) mapField(head uint64, shows bool) node {
	f := newMapField()
	flags := d.flags(head, 3)
	d.ensured(&f.ensured, flags.has(0))
	if flags.has(2) && flags.has(1) {
		d.fail("a map of registers has other fields")
	}
	if shows {
		f.children.grow(usualFields)
		d.fields(f, flags.has(2))
	}
	d.mustHide(&f.ensured, shows, f.children.len() == 0)
	if flags.has(1) {
		d.hiddenFields(f)
	}
	return f
}

// usualFields is how many fields a map has room for that is not the whole document.
const usualFields = 4

// fields reads the fields of a map that show, each from the value by what meta says it
// is. In a plain map all are registers with the usual stamp, and meta says no more.
func (d *decoder) fields(f *mapField, plain bool) {
	var same registerRun
	if plain {
		same = d.registers(metaRegister)
		same.n = math.MaxInt
	}
	var slab []registerField
	d.members(func(key string) {
		if same.n == 0 {
			head := d.head()
			if head&(1<<metaKind-1) != metaRegister {
				f.children.push(child{key, d.field(head, true)})
				return
			}
			same = d.registers(head)
		}
		same.n--
		if len(slab) == 0 {
			slab = make([]registerField, min(same.n+1, usualFields))
		}
		slab[0] = registerField{v: d.value(), set: true, stamp: same.stamp}
		f.children.push(child{key, &slab[0]})
		slab = slab[1:]
	})
	if same.n > 0 && !plain {
		d.fail("there are more registers than fields in the value")
	}
}

// members reads the members of an object, each by one. They are in canonical order,
// or it is for Decode to bring them there.
func (d *decoder) members(one func(key string)) {
	first, last := true, ""
	d.shown.each('{', '}', func() {
		key := d.shown.name()
		d.shown.need(first || compareKeys(last, key) < 0)
		if d.readable(); d.err == nil && (checkKey(key) != "" || isElement(key)) {
			d.fail("a map has an impossible key")
		}
		if d.err == nil {
			one(key)
		}
		d.shown.need(d.err == nil)
		first, last = false, key
	})
	d.readable()
}

// readable is an error unless the value could be read so far.
func (d *decoder) readable() {
	if d.shown.err != nil {
		d.fail("the value is not what meta says, or its keys are out of order")
	}
}

// value reads what one field shows.
func (d *decoder) value() any {
	v := d.shown.value()
	d.readable()
	return v
}

// hiddenFields reads the fields of a map that do not show.
func (d *decoder) hiddenFields(f *mapField) {
	n := d.count(2)
	if n == 0 {
		d.fail("no hidden field where there should be one")
	}
	last := ""
	for i := range n {
		key := d.text()
		head := d.head()
		if d.err == nil && (checkKey(key) != "" || isElement(key)) {
			d.fail("a hidden field has an impossible key")
		}
		at, shows := f.find(key)
		if shows || i > 0 && compareKeys(last, key) >= 0 {
			d.fail("a hidden field shows or is out of order")
		}
		if d.err != nil {
			return
		}
		f.children.insert(at, child{key, d.field(head, false)})
		last = key
	}
}

// registers reads the rest of a register's head.
func (d *decoder) registers(head uint64) registerRun {
	same := registerRun{n: int(head>>(metaKind+1)) + 1}
	switch {
	case head>>metaKind&1 != 0:
		same.stamp, _ = d.stamp()
	case len(d.stamps) == 0:
		d.fail("a register has no stamp")
	default:
		same.stamp = d.stamps[d.usual]
	}
	return same
}
