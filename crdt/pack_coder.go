package crdt

import (
	"encoding/binary"
	"fmt"
)

// packCoder writes changes into columns, or reads them from there. One walk through a
// change does both: each step of it takes what the change says and gives what it says,
// which is the same thing when it writes; what it is given counts for nothing when it
// reads. So writer and reader cannot drift apart.
//
// All that is a matter of few choices (which members there are, which of them are as
// foretold) makes the shape of a change, a string of bytes; as many changes are of one
// shape, a change only names its place in the list of shapes. What is not foretold is
// a number or a text in the column of its member.
type packCoder struct {
	model   packModel
	writing bool
	shape   []byte // of the change that is written, so far
	read    string // the shape of the change that is read
	at      int    // how far into it
	shapes  map[string]int
	known   []string // the shapes, when reading

	out   [packColumns][]byte
	in    [packColumns]reader
	room  []Span // for the spans of the next cuts
	said  Op     // the operation that is written
	all   string // all of packText, when reading
	typed string // what is left of packText, when reading
	seen  int    // entries of what was seen, of the change now
	err   error
}

// The columns.
const (
	packShapes     = iota // what shape a change has, by its place
	packShapeTexts        // new shapes
	packMore              // how many changes go on from a change: see packRun
	packReplicas          // replicas, by their place among those mentioned
	packNames             // new replicas
	packDocs              // which document, where it is not the one before
	packDocTexts          // ids of new documents
	packSorts             // type and version, new ones or changed
	packNs                // how far n is from the next
	packPrevs             // how far prev is from n
	packPaths             // new paths
	packIDs               // how far an id is from the next
	packDots              // elements, by their distance from one that was expected
	packCounts            // how many spans, elements, replicas
	packLengths           // of spans
	packSaw               // how far what was seen is from what could have been
	packStampRuns         // see stampWriter
	packStampMillis
	packStampCounters
	packTextLengths // of what was typed at once, in bytes
	packText        // all that was ever typed
	packValues      // canonical JSON, a line each
	packColumns
)

// fail keeps the first error.
func (x *packCoder) fail(format string, args ...any) {
	if x.err == nil {
		x.err = fmt.Errorf("crdt: pack: "+format, args...)
	}
}

// form is one choice of the shape.
func (x *packCoder) form(choice byte) byte {
	if x.writing {
		x.shape = append(x.shape, choice)
		return choice
	}
	if x.at == len(x.read) {
		return x.tooShort()
	}
	x.at++
	return x.read[x.at-1]
}

func (x *packCoder) tooShort() byte {
	x.fail("a shape is too short")
	return 0
}

// is is a choice between yes and no.
func (x *packCoder) is(yes bool) bool {
	if !x.writing {
		return x.form(0) == 1
	}
	choice := byte(0)
	if yes {
		choice = 1
	}
	x.shape = append(x.shape, choice)
	return yes
}

// size is a number, below 2^28, that belongs to the shape.
func (x *packCoder) size(n int) int {
	if x.writing {
		x.shape = binary.AppendUvarint(x.shape, uint64(n))
		return n
	}
	n = 0
	for shift := 0; shift < 28; shift += 7 {
		b := x.form(0)
		n |= int(b&127) << shift
		if b < 128 {
			return n
		}
	}
	x.fail("a number in a shape is too large")
	return 0
}

// count is a number of at most limit.
func (x *packCoder) count(column int, n, limit uint64) uint64 {
	if x.writing {
		x.out[column] = binary.AppendUvarint(x.out[column], n)
		return n
	}
	n = x.in[column].uvarint(limit)
	x.check(column)
	return n
}

// near is a number from 0 to MaxSeq that is probably close to guess.
func (x *packCoder) near(column int, n, guess uint64) uint64 {
	if x.writing {
		x.out[column] = appendVarint(x.out[column], int64(n-guess))
		return n
	}
	n = guess + uint64(x.in[column].varint(MaxSeq+1))
	x.check(column)
	if n > MaxSeq {
		x.fail("a number is out of range")
		return 0
	}
	return n
}

// text is a text with its length before it.
func (x *packCoder) text(lengths, column int, s string) string {
	n := int(x.count(lengths, uint64(len(s)), uint64(len(x.in[column].buf))))
	if x.writing {
		x.out[column] = append(x.out[column], s...)
		return s
	}
	return string(x.bytes(column, n))
}

func (x *packCoder) bytes(column, n int) []byte {
	b := x.in[column].bytes(n)
	x.check(column)
	return b
}

// check keeps the error of a column.
func (x *packCoder) check(column int) {
	if err := x.in[column].err; err != nil && x.err == nil {
		x.err = fmt.Errorf("crdt: pack: column %d: %w", column, err)
	}
}

// endShape names the shape of the change that was written.
func (x *packCoder) endShape() {
	index, known := x.shapes[string(x.shape)]
	if !known {
		if x.shapes == nil {
			x.shapes = map[string]int{}
		}
		index = len(x.shapes)
		x.shapes[string(x.shape)] = index
		x.out[packShapeTexts] = appendText(x.out[packShapeTexts], string(x.shape))
	}
	x.out[packShapes] = binary.AppendUvarint(x.out[packShapes], uint64(index))
}
