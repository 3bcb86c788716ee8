package crdt_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// What an input may cost, whoever made it up: so much for each of its bytes, all that
// is allocated on the way counted, be it freed again; and a little to begin with.
const (
	memoryPerByte     = 100 // of a value or a change, for reading it and applying it
	memoryPerHeldByte = 250 // of changes that are held back, and applied in the end
	memoryPerMetaByte = 500 // of a document, for reading, copying, merging and writing it: one byte may say a run
	memoryToBegin     = 32 << 10
	sumsPerInput      = 4_000 // the time to take SHA-256 of as many bytes so often
)

// affordable fails if what is done with an input of a size costs more than it may. It
// is done a few times, of which the quickest counts and the one that took most memory.
// Time is told beside something else that the machine does between the tries, as
// machines differ and others use them too.
func affordable(t *testing.T, name string, size, memoryPerByte int, do func()) {
	t.Helper()
	memory, quickest, yardstick := uint64(0), time.Hour, time.Hour
	block := make([]byte, 1<<20)
	for range 3 {
		begun := time.Now()
		memory = max(memory, allocated(do))
		quickest = min(quickest, time.Since(begun))
		begun = time.Now()
		sha256.Sum256(block)
		yardstick = min(yardstick, time.Since(begun))
	}
	if most := uint64(memoryToBegin + memoryPerByte*size); memory > most {
		t.Errorf("%s: %d bytes cost %d bytes of memory, %d for each", name, size, memory, memory/uint64(size))
	}
	if most := yardstick * time.Duration(sumsPerInput*size/len(block)+8); !raced && quickest > most {
		t.Errorf("%s: %d bytes cost %v, more than %v", name, size, quickest, most)
	}
}

// allocated is how many bytes of memory something takes, freed ones too.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// large is a size at which a cost that grows with the square shows.
const large = 100_000

// numbered repeats a text with numbers in it until it is large, with commas between.
func numbered(format string) string {
	var b strings.Builder
	for i := 1; b.Len() < large; i++ {
		if i > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestHostile_Values(t *testing.T) {
	for name, text := range map[string]string{
		"deep arrays":        strings.Repeat("[", large),
		"deep objects":       strings.Repeat(`{"a":`, large/5),
		"as deep as can be":  "[" + strings.Repeat(strings.Repeat("[", 30)+strings.Repeat("]", 30)+",", large/61) + "0]",
		"many numbers":       "[" + strings.Repeat("0,", large/2) + "0]",
		"many empty objects": "[" + strings.Repeat("{},", large/3) + "0]",
		"many keys":          "{" + numbered(`"%d":0`) + "}",
		"one key again":      "{" + strings.Repeat(`"a":0,`, large/6) + `"a":0}`,
		"a long number":      strings.Repeat("9", large),
		"a long fraction":    "0." + strings.Repeat("0", large) + "1",
		"a large exponent":   "1e" + strings.Repeat("9", large),
		"escapes":            `"` + strings.Repeat(`\u0000`, large/6) + `"`,
		"half pairs":         `"` + strings.Repeat(`\ud83c\udf89`, large/12) + `\ud83c"`,
		"many long keys":     "{" + numbered(`"`+strings.Repeat("k", 200)+`%d":0`) + "}",
		"spaces":             strings.Repeat(" ", large) + "0",
		"no end":             `"` + strings.Repeat("a", large),
	} {
		affordable(t, name, len(text), memoryPerByte, func() {
			if v, err := crdt.ParseValue([]byte(text), crdt.Limits{}); err == nil {
				crdt.Canonical(v)
			}
		})
	}
}

// changeOf is a change with these operations as JSON.
func changeOf(n int, ops string) string {
	return fmt.Sprintf(`{"doc":"d","n":%d,"ops":[%s],"replica":"00000000000000b0","stamp":"019ab6900000-0000","type":"t","version":1}`, n, ops)
}

func TestHostile_Changes(t *testing.T) {
	d := devices(t, 1, object{
		"title": "Pump", "notes": strings.Repeat("leaks ", 100), "tags": array{"a"}, "hours": 1.0, "parts": parts("a", "b"),
	})[0]
	own := func(seq string) string { return "00000000000000b0." + seq }
	first := crdt.Dot{Replica: d.id, Seq: 1}.String()
	row := d.row(0, "parts")
	deep := strings.Repeat(`"a",`, 15)
	long := strings.Repeat("k", 250)
	for name, ops := range map[string]string{
		"registers":           numbered(`{"kind":"set","path":["f%d"],"value":0}`),
		"deep registers":      numbered(`{"kind":"set","path":[` + deep + `"f%d"],"value":0}`),
		"deep paths":          numbered(`{"kind":"set","path":["f%d",` + strings.TrimSuffix(deep, ",") + `],"value":0}`),
		"long paths":          numbered(`{"kind":"set","path":["` + long + `%d","` + long + `"],"value":0}`),
		"letters":             numbered(`{"id":%[1]d,"kind":"insert","path":["t%[1]d"],"text":"a"}`),
		"letters in one text": numbered(`{"id":%[1]d,"kind":"insert","path":["t"],"text":"a"}`),
		"rows":                numbered(`{"id":%[1]d,"kind":"place","path":["l"]}`),
		"moves":               numbered(`{"id":%[1]d,"kind":"move","path":["parts"],"row":"` + row + `"}`),
		"edits of a row":      numbered(`{"kind":"set","path":["parts","` + row + `","f%d"],"value":0}`),
		"elements":            numbered(`{"id":%[1]d,"kind":"include","path":["s"],"value":%[1]d}`),
		"one element again":   numbered(`{"id":%[1]d,"kind":"include","path":["s%[1]d"],"value":0}`),
		"candidates":          numbered(`{"id":%[1]d,"kind":"assign","over":[],"path":["c%[1]d"],"value":0}`),
		"amounts":             numbered(`{"kind":"add","path":["hours"],"value":%d}`),
		"amounts apart":       numbered(`{"kind":"add","path":["h%[1]d"],"value":%[1]d}`),
		"readings":            numbered(`{"kind":"raise","path":["r"],"value":%d}`),
		"showing":             numbered(`{"as":"text","kind":"ensure","path":["e%d"],"value":true}`),
		"creations":           strings.Repeat(`{"kind":"create"},`, large/18) + `{"kind":"create"}`,
		"deletions":           strings.Repeat(`{"kind":"delete","saw":{}},`, large/27) + `{"kind":"create"}`,
		"what was seen":       `{"kind":"delete","saw":{` + numbered(`"%016x":1`) + `}}`,
		"a row dropped":       `{"kind":"drop","path":["parts"],"row":"` + row + `","saw":{` + numbered(`"%016x":1`) + `}}`,
		"what it replaces":    `{"id":1,"kind":"assign","over":[` + numbered(`"00000000000000a0.%d"`) + `],"path":["c"],"value":0}`,
		"what it removes":     `{"kind":"exclude","over":[` + numbered(`"00000000000000a0.%d"`) + `],"path":["tags"],"value":"a"}`,
		"one letter cut":      `{"kind":"cut","path":["notes"],"spans":[` + strings.Repeat(`"`+first+`+1",`, large/23) + `"` + first + `+1"]}`,
		"letters cut":         `{"kind":"cut","path":["notes"],"spans":[` + strings.Repeat(`"`+first+`+1","00000000000000a0.3+9",`, large/49) + `"` + first + `+1"]}`,
		"a cut with no end":   `{"kind":"cut","path":["notes"],"spans":["` + first + `+9007199254740990"]}`,
		"nothing there":       `{"kind":"cut","path":["notes"],"spans":["` + own("1") + `+9007199254740990"]}`,
		"one long text":       `{"id":1,"kind":"insert","path":["t"],"text":"` + strings.Repeat("é", large/2) + `"}`,
		"a value of values":   `{"kind":"set","path":["v"],"value":[` + strings.Repeat("[],", large/3) + `0]}`,
	} {
		text := changeOf(1, ops)
		refused := false
		affordable(t, name, len(text), memoryPerByte, func() { refused = offer(t, d.doc, text) != nil })
		if refused != (name == "nothing there") {
			t.Errorf("%s: refused is %v", name, refused)
		}
	}
}

// offer gives a copy of a document a change that comes as text, as a server would.
func offer(t *testing.T, d *crdt.Document, text string) error {
	t.Helper()
	c, err := crdt.ParseChange([]byte(text), crdt.Limits{})
	if err != nil {
		return err
	}
	d = d.Clone() // costs as much as the document is large, which here is little
	before := crdttest.Bytes(d)
	if _, err = d.Apply(c); err != nil && crdttest.Bytes(d) != before {
		t.Errorf("refused with %q, and yet something changed", err)
	}
	return err
}

// Changes that wait for each other, each for the one that is looked at last, cost no
// more when what all wait for comes.
func TestHostile_HeldChanges(t *testing.T) {
	texts := []string{strings.Replace(changeOf(1, `{"kind":"create"},{"id":1,"kind":"insert","path":["t"],"text":"a"}`), "b0", "ff", 1)}
	before := crdt.Dot{Replica: 0xff, Seq: 1}
	size := 0
	for i := range 999 {
		r := crdt.Replica(2000 - i)
		if i == 0 {
			before.Replica = 1<<8 - 1
		}
		text := changeOf(1, fmt.Sprintf(`{"after":"%s","id":1,"kind":"insert","path":["t"],"text":"a"}`, before))
		texts = append(texts, strings.Replace(text, "00000000000000b0", r.String(), 1))
		before = crdt.Dot{Replica: r, Seq: 1}
		size += len(text)
	}
	slices.Reverse(texts)
	affordable(t, "a chain", size, memoryPerHeldByte, func() {
		d := crdt.NewDocument()
		for i, text := range texts {
			c, err := crdt.ParseChange([]byte(text), crdt.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if effect, err := d.Apply(c); err != nil || (effect == crdt.Held) != (i < len(texts)-1) {
				t.Fatal(effect, err)
			}
		}
		if n := len(d.Text("t")); n != len(texts) {
			t.Fatalf("%d of %d letters show", n, len(texts))
		}
	})
}

// spread is documents of which meta says much with little, or that hold many small
// things.
func spread(t *testing.T) map[string]*crdt.Document {
	all := map[string]*crdt.Document{}
	add := func(name string, changes int, ops func(n int) string) {
		d := crdt.NewDocument()
		for n := 1; n <= changes; n++ {
			text := changeOf(n, ops(n))
			if n > 1 {
				text = strings.Replace(text, `"replica"`, fmt.Sprintf(`"prev":%d,"replica"`, n-1), 1)
			}
			c, err := crdt.ParseChange([]byte(text), crdt.Limits{})
			if err == nil {
				_, err = d.Apply(c)
			}
			if err != nil {
				t.Fatal(name, err)
			}
		}
		all[name] = d
	}
	add("a long text gone", 2, func(n int) string {
		if n == 1 {
			return `{"id":1,"kind":"insert","path":["t"],"text":"` + strings.Repeat("a", 2*large) + `"}`
		}
		return fmt.Sprintf(`{"kind":"cut","path":["t"],"spans":["00000000000000b0.1+%d"]}`, 2*large)
	})
	add("every second letter gone", 2, func(n int) string {
		if n == 1 {
			return `{"id":1,"kind":"insert","path":["t"],"text":"` + strings.Repeat("ab", 2000) + `"}`
		}
		var spans []string
		for i := range 2000 {
			spans = append(spans, fmt.Sprintf(`"00000000000000b0.%d+1"`, 2*i+1))
		}
		return `{"kind":"cut","path":["t"],"spans":[` + strings.Join(spans, ",") + `]}`
	})
	add("rows gone", 2, func(n int) string {
		var ops []string
		for i := 1; i <= 2000; i++ {
			if n == 1 {
				after := ""
				if i > 1 {
					after = fmt.Sprintf(`"after":"00000000000000b0.%d",`, i-1)
				}
				ops = append(ops, fmt.Sprintf(`{%s"id":%d,"kind":"place","path":["l"]}`, after, i))
			} else {
				ops = append(ops, fmt.Sprintf(`{"kind":"drop","path":["l"],"row":"00000000000000b0.%d","saw":{}}`, i))
			}
		}
		return strings.Join(ops, ",")
	})
	add("empty texts", 1, func(int) string {
		return numbered(`{"as":"text","kind":"ensure","path":["f%d"],"value":false}`)
	})
	add("gone fields", 1, func(int) string { return numbered(`{"kind":"unset","path":["f%d"]}`) })
	add("many candidates", 1, func(int) string {
		return numbered(`{"id":%[1]d,"kind":"assign","over":[],"path":["c"],"value":0}`)
	})
	add("what was seen", 1, func(int) string { return `{"kind":"delete","saw":{` + numbered(`"%016x":1`) + `}}` })
	many := crdt.NewDocument()
	for i := range 2000 {
		c := &crdt.Change{Replica: crdt.Replica(i + 1), N: 1, Stamp: crdt.Time(i), Type: "t", Version: 1, Doc: "d",
			Ops: []crdt.Op{{Kind: crdt.OpAdd, Path: []string{"n"}, Value: 1.0, Has: true}}}
		if _, err := many.Apply(c); err != nil {
			t.Fatal(err)
		}
	}
	all["many replicas"] = many
	return all
}

// Documents of which meta says much with little are read, copied, merged and written at
// a price that follows from their bytes.
func TestHostile_Documents(t *testing.T) {
	for name, d := range spread(t) {
		value, meta := d.Encode()
		affordable(t, name, len(value)+len(meta), memoryPerMetaByte, func() {
			d, err := crdt.Decode(value, meta)
			if err != nil {
				t.Fatal(err)
			}
			d.Encode()
			if _, err := crdt.Merge(d, d.Clone()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// Wherever meta says a number, it may say a huge one.
func TestHostile_Claims(t *testing.T) {
	random := rand.New(rand.NewPCG(*first, 0))
	for _, d := range lived(t, 10) {
		value, meta := d.Encode()
		for i := range meta {
			huge := binary.AppendUvarint(nil, 1<<(20+random.IntN(33)))
			claim := slices.Concat(meta[:i], huge, meta[i+1:])
			used := allocated(func() {
				if d, err := crdt.Decode(value, claim); err == nil {
					d.Encode()
					d.Clone()
				}
			})
			if most := uint64(memoryToBegin + memoryPerMetaByte*(len(value)+len(claim))); used > most {
				t.Fatalf("%d bytes cost %d bytes of memory: %s %x", len(value)+len(claim), used, value, claim)
			}
		}
	}
}

// A replica that a deletion says it saw, but of which no change has come, is listed in
// meta; a counter cannot have a sum of it.
func TestDecode_CounterOfAReplicaThatDidNothing(t *testing.T) {
	d := devices(t, 1, object{"hours": 1.0})[0]
	c := d.does(func(e *crdt.Editor) error { e.Delete(); return nil })
	deletion := *c
	deletion.N, deletion.Prev = c.N+1, c.N
	deletion.Ops = []crdt.Op{{Kind: crdt.OpDelete, Saw: crdt.Vector{d.id + 1: 1}}}
	d.hears(&deletion)
	value, meta := d.doc.Encode()
	if _, err := crdt.Decode(value, meta); err != nil {
		t.Fatal(err)
	}
	meta[len(meta)-1]++ // the place of the one replica that added, among those listed
	if _, err := crdt.Decode(value, meta); err == nil {
		t.Error("it can")
	}
}
