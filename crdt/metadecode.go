package crdt

import (
	"bytes"
	"math"
)

// storedLimits bound a value that Encode wrote: only its depth, which operations can
// not exceed either.
var storedLimits = Limits{Bytes: math.MaxInt, Depth: 2*maxPath + maxDepth, Nodes: math.MaxInt, String: math.MaxInt, Ops: math.MaxInt}

// Decode joins what Encode split. The value must be the very bytes Encode gave or
// any other JSON text of the same value. Bad bytes are an error, never a panic, and
// cost no more than a small multiple of their length.
func Decode(value, meta []byte) (*Document, error) {
	doc, err := decodeOrdered(value, meta)
	if err == nil {
		return doc, nil
	}
	v, wrong := ParseValue(value, storedLimits)
	if wrong != nil {
		return nil, wrong
	}
	if _, ok := v.(map[string]any); !ok {
		return nil, &ValueError{Message: "The value of a document must be an object."}
	}
	if ordered := AppendValue(nil, v); !bytes.Equal(ordered, value) {
		return decodeOrdered(ordered, meta)
	}
	return nil, err
}

// usualField is how many bytes of a value a field takes that is not long.
const usualField = 32

// decodeOrdered is Decode of a value whose keys are in canonical order. Both are read
// at once: meta says what each field is, and the value what it shows.
func decodeOrdered(value, meta []byte) (*Document, error) {
	d := &decoder{reader: reader{buf: meta}, shown: storedValue(value)}
	doc := d.document()
	d.end()
	d.shown.end()
	d.readable()
	if d.err != nil {
		return nil, d.err
	}
	return doc, nil
}

// storedValue reads a value whose strings are all kept together, and so are parts of
// one copy of it.
func storedValue(text []byte) puller {
	return puller{valueParser{text: text, copied: string(text), limits: storedLimits, path: make([]pathStep, 0, 8)}}
}

// decoder reads what an encoder wrote, method by method, from bytes that nobody
// vouches for. As with its reader, the first mistake stays in err and everything
// read after it is zero.
type decoder struct {
	reader
	shown    puller // of what the fields show, at that of the next one
	replicas *replicaTable
	stamps   []Stamp
	usual    int
	seen     marks
	depth    int
}

func (d *decoder) document() *Document {
	if version := d.byte(); version != metaVersion {
		d.fail("meta is of version %d, and only version %d is known", version, metaVersion)
	}
	flags := d.byte()
	if flags >= flagsEnd {
		d.fail("meta has flags that are not known")
	}
	d.replicas = decodeReplicas(&d.reader)
	d.marks()
	doc := &Document{exists: flags&flagExists != 0, seen: d.seen}
	if flags&flagTrash != 0 {
		doc.cover = d.vector()
	}
	doc.edits = d.edits(flags&flagEdits != 0)
	if flags&flagFloor != 0 {
		doc.floor = d.floor()
	}
	d.stampTable()
	doc.root = newMapField()
	doc.root.children.grow(len(d.shown.text) / usualField)
	d.fields(doc.root, false)
	if flags&flagHidden != 0 {
		d.hiddenFields(doc.root)
	}
	if flags&flagHeld != 0 {
		d.heldChanges(doc)
	}
	return doc
}

func (d *decoder) marks() {
	d.seen = make(marks, len(d.replicas.sorted))
	for _, r := range d.replicas.sorted {
		m := mark{d.uvarint(MaxSeq), d.uvarint(MaxSeq)}
		switch {
		case m.n > 0:
			d.seen[r] = m
		case m.seq > 0:
			d.fail("there are elements of a replica and no change that made them")
		}
	}
}

// packed reads a number and a replica.
func (d *decoder) packed(limit uint64) (uint64, Replica) {
	width, ok := packing(d.replicas)
	n := uint64(0)
	place := 0
	if ok {
		both := d.uvarint(limit<<width | (1<<width - 1))
		n, place = both>>width, int(both&(1<<width-1))
	} else {
		n = d.uvarint(limit)
		place = int(d.uvarint(math.MaxInt32))
	}
	if place >= len(d.replicas.sorted) {
		d.fail("a replica is mentioned that is not listed")
		return 0, 0
	}
	return n, d.replicas.sorted[place]
}

// dot reads an element, which must have come.
func (d *decoder) dot() Dot {
	seq, r := d.packed(MaxSeq)
	return d.came(Dot{r, seq})
}

func (d *decoder) came(e Dot) Dot {
	if d.err == nil && (e.Seq == 0 || !d.seen.has(e)) {
		d.fail("an element is mentioned that no change made")
	}
	return e
}

func (d *decoder) stamp() (Stamp, bool) {
	v := d.uvarint(math.MaxInt32)
	place := int(v >> 1)
	if place >= len(d.stamps) {
		d.fail("a stamp is mentioned that is not listed")
		return Stamp{}, false
	}
	return d.stamps[place], v&1 != 0
}

func (d *decoder) head() uint64 { return d.uvarint(math.MaxInt32) }

func (d *decoder) vector() Vector {
	n := d.count(2)
	if n == 0 {
		d.fail("an empty vector is written down")
	}
	v := make(Vector, n)
	for range n {
		r := d.replica(d.replicas)
		at := int64(d.seen[r].n) - d.varint(MaxSeq)
		if _, twice := v[r]; twice || at <= 0 || at > MaxSeq {
			d.fail("a vector has an impossible entry")
			return nil
		}
		v[r] = uint64(at)
	}
	return v
}

// edits gives the last edit of each replica: its last change, less the gap if one is
// written.
func (d *decoder) edits(gaps bool) Vector {
	back := Vector{}
	if gaps {
		for range d.count(2) {
			r := d.replica(d.replicas)
			if back[r] = d.uvarint(MaxSeq); back[r] > d.seen[r].n {
				d.fail("an edit is further back than there are changes")
			}
		}
	}
	var edits Vector
	for r, m := range d.seen {
		edits = raiseTo(edits, r, m.n-back[r])
	}
	return edits
}

func (d *decoder) stampTable() {
	d.stamps = make([]Stamp, d.count(1))
	var ms uint64
	for i := range d.stamps {
		v, r := d.packed(2*MaxMillis + 1)
		counter := uint64(0)
		if v&1 != 0 {
			counter = d.uvarint(math.MaxUint16)
		}
		if ms += v >> 1; ms > MaxMillis {
			d.fail("a stamp is too large")
			return
		}
		d.stamps[i] = Stamp{NewTime(int64(ms), uint16(counter)), r}
		if i > 0 && d.stamps[i].Compare(d.stamps[i-1]) <= 0 {
			d.fail("the stamps are not in ascending order")
			return
		}
	}
	if len(d.stamps) > 1 {
		d.usual = int(d.uvarint(uint64(len(d.stamps) - 1)))
	}
}

func (d *decoder) heldChanges(doc *Document) {
	for range d.count(2) {
		c, err := ParseChange([]byte(d.text()), Limits{})
		if d.err != nil {
			return
		}
		if err != nil {
			d.fail("a held change: %w", err)
			return
		}
		if _, missing := doc.Missing(c); !missing {
			d.fail("a held change waits for nothing")
			return
		}
		w := doc.wait(c, len(AppendChange(nil, c)))
		if n := len(doc.held); n > 0 && compareWaiting(doc.held[n-1], w) >= 0 {
			d.fail("the held changes are not in ascending order")
			return
		}
		doc.held = append(doc.held, w)
	}
}
