package crdt

// set reads a set, of which the value tells the elements.
func (d *decoder) set(head uint64, shows bool) node {
	f := &setField{}
	flags := d.flags(head, 2)
	d.ensured(&f.ensured, flags.has(0))
	n := 0
	if shows {
		n = d.shown.elements()
	}
	d.mustHide(&f.ensured, shows, n == 0)
	if counting := flags.has(1); counting && n == 0 {
		d.fail("a set does not show as a list")
	} else if shows {
		d.elements(f, n, counting)
	}
	return f
}

// slabSize is for how many elements room is made at once.
const slabSize = 16

// elements reads the n elements of a set. They are counting if one dot stands for those
// of all.
func (d *decoder) elements(f *setField, n int, counting bool) {
	var next Dot
	if counting {
		next = d.dot()
	}
	f.elements.grow(min(n, slabSize))
	var slab []Dot // for the first addition of each
	var last any
	d.shown.each('[', ']', func() {
		v := d.value()
		if !isScalar(v) || f.elements.len() > 0 && compareScalars(last, v) >= 0 {
			d.fail("the elements of a set are not in order")
		}
		if d.shown.need(d.err == nil); d.err != nil {
			return
		}
		if len(slab) == 0 {
			slab = make([]Dot, min(max(1, n-f.elements.len()), slabSize))
		}
		dots := slab[0:0:1]
		if slab = slab[1:]; counting {
			dots = append(dots, d.came(next))
			next.Seq++
		} else {
			dots = d.dots(dots)
		}
		f.elements.push(element{v, dots})
		last = v
	})
	d.readable()
}

// dots reads the additions of one element of a set into dots, which is empty.
func (d *decoder) dots(dots []Dot) []Dot {
	for more := true; more && d.err == nil; {
		v, r := d.packed(2*MaxSeq + 1)
		more = v&1 != 0
		e := d.came(Dot{r, v >> 1})
		if n := len(dots); n > 0 && dots[n-1].Compare(e) >= 0 {
			d.fail("the additions of an element are not in order")
		}
		dots = append(dots, e)
	}
	return dots
}
