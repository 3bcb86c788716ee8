package crdt

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// A pack is a version byte, the number of changes, three parts, and four bytes of
// CRC-32C of all that. The parts are the columns of numbers with all their lengths,
// what was written by people, and what cannot be compressed. A part is its length, the
// length of what is stored, and that: as it is if they are equal, otherwise a zstd
// frame (RFC 8878).
const packVersion = 1

// packSum is how many bytes the checksum takes.
const packSum = 4

func checksum(data []byte) uint32 { return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) }

// Bounds of what a pack may unfold to, whatever it says.
const (
	maxPackBytes = 64 << 20
	maxPackOps   = 1 << 22
	mostFolded   = 1 << 15 // bytes that one byte of zstd can stand for: a block of 128 KiB takes four
)

// packParts says which columns are in which part, in which order.
var packParts = [...][]int{
	{
		packShapeTexts, packPaths, packSorts, packShapes, packMore, packReplicas, packDocs, packNs,
		packPrevs, packIDs, packDots, packCounts, packLengths, packSaw,
		packStampRuns, packStampMillis, packStampCounters, packTextLengths,
	},
	{packText, packValues, packDocTexts},
	{packNames},
}

// An encoder and a decoder take long to make and hold some memory; EncodeAll and
// DecodeAll may be called by many at once and remember nothing from one call to the
// next. So there is one of each for all, made when it is first asked for.
//
// The best level of zstd, because a pack is written once and kept. Of a paper's history
// (259,778 changes; 40 kB of numbers, 182 kB of text) it makes 74.6 kB, its default
// 80.9 kB, flate at its best 77.5 kB, s2 at its best 92.8 kB. Unfolding that takes zstd
// 0.2 ms and s2 less than 0.1 ms, of the several that Replay takes.
var (
	packEncoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression),
			zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
		if err != nil {
			panic(err) // the options are constants
		}
		return e
	})
	packDecoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true),
			zstd.WithDecoderMaxMemory(maxPackBytes))
		if err != nil {
			panic(err) // the options are constants
		}
		return d
	})
)

// Bytes gives all changes added so far, compressed. More may be added afterwards.
func (p *Packer) Bytes() []byte {
	p.endRun()
	p.stamps.endEqual()
	p.stamps.endSingle()
	out := p.coder.out
	out[packStampRuns], out[packStampMillis], out[packStampCounters] = p.stamps.runs, p.stamps.millis, p.stamps.counters
	data := binary.AppendUvarint([]byte{packVersion}, uint64(p.changes))
	for i, columns := range packParts {
		var part []byte
		if i == 0 {
			for _, column := range out {
				part = binary.AppendUvarint(part, uint64(len(column)))
			}
		}
		for _, column := range columns {
			part = append(part, out[column]...)
		}
		data = appendPart(data, part)
	}
	return binary.BigEndian.AppendUint32(data, checksum(data))
}

// appendPart appends one part.
func appendPart(dst, part []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(part)))
	stored := packEncoder().EncodeAll(part, nil)
	if len(stored) >= len(part) {
		stored = part
	}
	dst = binary.AppendUvarint(dst, uint64(len(stored)))
	return append(dst, stored...)
}

// readPart reads one part; left is how many bytes all may still unfold to.
func readPart(r *reader, left int) ([]byte, error) {
	n := int(r.uvarint(maxPackBytes))
	stored := r.bytes(r.count(1))
	switch {
	case r.err != nil:
		return nil, r.err
	case n > left:
		return nil, fmt.Errorf("crdt: the pack is larger than %d bytes", maxPackBytes)
	case len(stored) == n:
		return stored, nil
	case n/mostFolded > len(stored):
		return nil, fmt.Errorf("crdt: a part of the pack does not have the length that it says")
	}
	part, err := packDecoder().DecodeAll(stored, make([]byte, 0, n))
	if err != nil {
		return nil, fmt.Errorf("crdt: the pack is damaged: %w", err)
	}
	if len(part) != n {
		return nil, fmt.Errorf("crdt: a part of the pack does not have the length that it says")
	}
	return part, nil
}

// readColumns takes a pack apart.
func readColumns(data []byte) (columns [packColumns]reader, changes int, err error) {
	body := data[:max(0, len(data)-packSum)]
	if sum := data[len(body):]; len(sum) < packSum || binary.BigEndian.Uint32(sum) != checksum(body) {
		return columns, 0, fmt.Errorf("crdt: the pack is damaged: its checksum does not fit")
	}
	r := &reader{buf: body}
	if version := r.byte(); version != packVersion && r.err == nil {
		return columns, 0, fmt.Errorf("crdt: the pack is of version %d; this program reads version %d", version, packVersion)
	}
	changes = int(r.uvarint(maxPackOps))
	var lengths [packColumns]int
	left := maxPackBytes
	for i, of := range packParts {
		part, err := readPart(r, left)
		if err != nil {
			return columns, 0, err
		}
		left -= len(part)
		p := &reader{buf: part}
		if i == 0 {
			for k := range lengths {
				lengths[k] = int(p.uvarint(maxPackBytes))
			}
		}
		for _, column := range of {
			columns[column].buf = p.bytes(lengths[column])
		}
		if p.end(); p.err != nil {
			return columns, 0, p.err
		}
	}
	r.end()
	return columns, changes, r.err
}
