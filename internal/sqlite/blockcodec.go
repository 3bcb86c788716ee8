package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// The data of a block is a version byte, then twice a length and that many bytes: what
// the log says of each entry in columns of like numbers, compressed; and the changes
// as crdt packs them. The columns are:
//
//	the number of entries, and of the names used below, and the names
//	the stream of each entry, a name
//	its number, as the difference to the one before it in its stream
//	its kind and its author, names
//	its time, as the difference to the one before
//	of what is no change: type, a name, and version
//	of each change: how far behind its author was
//	of each change: its receiptKind, and a digest where one is kept
//	of the first change of each document: how many blocks back it goes on, or 0
const blockVersion = 1

// maxBlockBytes bounds the columns of a block, whatever it says of itself.
const maxBlockBytes = 64 << 20

// codec turns blocks into bytes and back. Safe for concurrent use.
type codec struct {
	encoder func() *zstd.Encoder
	decoder func() *zstd.Decoder
}

// newCodec makes a codec. What it compresses with takes some memory, so it is made
// when it is first needed.
func newCodec() *codec {
	return &codec{
		encoder: sync.OnceValue(func() *zstd.Encoder {
			e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
			if err != nil {
				panic(err) // the options are constants
			}
			return e
		}),
		decoder: sync.OnceValue(func() *zstd.Decoder {
			d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlockBytes))
			if err != nil {
				panic(err) // the options are constants
			}
			return d
		}),
	}
}

func (c *codec) encode(entries []folded) []byte {
	columns := c.encoder().EncodeAll(encodeColumns(entries), nil)
	changes := crdt.NewPacker()
	for i := range entries {
		if entries[i].Change != nil {
			changes.Add(entries[i].Change)
		}
	}
	packed := changes.Bytes()
	data := binary.AppendUvarint([]byte{blockVersion}, uint64(len(columns)))
	data = append(data, columns...)
	data = binary.AppendUvarint(data, uint64(len(packed)))
	return append(data, packed...)
}

func (c *codec) decode(data []byte) (*block, error) {
	if len(data) == 0 || data[0] != blockVersion {
		return nil, errors.New("sqlite: the block is of another version of this program")
	}
	in := &columnReader{rest: data[1:]}
	compressed, packed := in.bytes(), in.bytes()
	if in.failed || len(in.rest) > 0 {
		return nil, errShortBlock
	}
	columns, err := c.decoder().DecodeAll(compressed, nil)
	if err != nil {
		return nil, err
	}
	var changes []*crdt.Change
	for change, err := range crdt.Unpack(packed) {
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	return decodeColumns(columns, changes)
}

var errShortBlock = errors.New("sqlite: the block ends in the middle")

// names numbers texts in the order they are first seen.
type names struct {
	list []string
	at   map[string]uint64
}

func (n *names) number(name string) uint64 {
	at, ok := n.at[name]
	if !ok {
		at = uint64(len(n.list))
		n.list = append(n.list, name)
		n.at[name] = at
	}
	return at
}

func encodeColumns(entries []folded) []byte {
	n := &names{at: map[string]uint64{}}
	var streams, numbers, kinds, authors, times, rest, behinds, receipts, backs []byte
	last := map[string]uint64{}
	seen := map[collections.Key]bool{}
	var at int64
	for i := range entries {
		f := &entries[i]
		streams = binary.AppendUvarint(streams, n.number(f.Stream))
		numbers = binary.AppendUvarint(numbers, f.N-last[f.Stream])
		kinds = binary.AppendUvarint(kinds, n.number(string(f.Kind)))
		authors = binary.AppendUvarint(authors, n.number(f.By))
		times = binary.AppendVarint(times, f.At-at)
		last[f.Stream], at = f.N, f.At
		if f.Change == nil {
			rest = binary.AppendUvarint(rest, n.number(f.Type))
			rest = binary.AppendVarint(rest, int64(f.Version))
			continue
		}
		behinds = binary.AppendUvarint(behinds, f.Behind)
		receipts = binary.AppendUvarint(receipts, uint64(f.receipt))
		if f.receipt == keptDigest {
			receipts = append(receipts, f.digest[:]...)
		}
		if key := (collections.Key{Type: f.Type, ID: f.Change.Doc}); !seen[key] {
			seen[key] = true
			backs = binary.AppendUvarint(backs, uint64(f.back))
		}
	}
	out := binary.AppendUvarint(nil, uint64(len(entries)))
	out = binary.AppendUvarint(out, uint64(len(n.list)))
	for _, name := range n.list {
		out = append(binary.AppendUvarint(out, uint64(len(name))), name...)
	}
	for _, column := range [][]byte{streams, numbers, kinds, authors, times, rest, behinds, receipts, backs} {
		out = append(out, column...)
	}
	return out
}

// decodeColumns puts the changes where the columns say that one comes.
func decodeColumns(data []byte, changes []*crdt.Change) (*block, error) {
	in := &columnReader{rest: data}
	entries := make([]folded, in.length())
	list := make([]string, in.length())
	for i := range list {
		list[i] = string(in.bytes())
	}
	name := func() string { return in.name(list) }
	for i := range entries {
		entries[i].Stream = name()
	}
	last := map[string]uint64{}
	for i := range entries {
		e := &entries[i]
		e.N = last[e.Stream] + in.uvarint()
		last[e.Stream] = e.N
	}
	for i := range entries {
		entries[i].Kind = collections.EntryKind(name())
	}
	for i := range entries {
		entries[i].By = name()
	}
	var at int64
	for i := range entries {
		at += in.varint()
		entries[i].At = at
	}
	if err := in.contents(entries, changes, name); err != nil {
		return nil, err
	}
	return &block{entries: entries}, nil
}

// contents reads the columns that only some entries have.
func (in *columnReader) contents(entries []folded, changes []*crdt.Change, name func() string) error {
	for i := range entries {
		e := &entries[i]
		if e.Kind != collections.EntryChange {
			e.Type, e.Version = name(), int(in.varint())
			continue
		}
		if len(changes) == 0 {
			return errShortBlock
		}
		e.Change, changes = changes[0], changes[1:]
		e.Type = e.Change.Type
	}
	for i := range entries {
		if e := &entries[i]; e.Change != nil {
			e.Behind = in.uvarint()
		}
	}
	for i := range entries {
		if e := &entries[i]; e.Change != nil {
			if e.receipt = receiptKind(in.uvarint()); e.receipt == keptDigest {
				copy(e.digest[:], in.take(uint64(len(e.digest))))
			}
		}
	}
	seen := map[collections.Key]bool{}
	for i := range entries {
		e := &entries[i]
		if e.Change == nil {
			continue
		}
		if key := (collections.Key{Type: e.Type, ID: e.Change.Doc}); !seen[key] {
			seen[key] = true
			e.back = int64(in.uvarint())
		}
	}
	if in.failed || len(in.rest) > 0 || len(changes) > 0 {
		return fmt.Errorf("%w: %d bytes and %d changes are left over", errShortBlock, len(in.rest), len(changes))
	}
	return nil
}

// columnReader reads columns. What is not there reads as zero, and failed is set.
type columnReader struct {
	rest   []byte
	failed bool
}

func (in *columnReader) uvarint() uint64 {
	v, n := binary.Uvarint(in.rest)
	in.skip(n)
	return v
}

func (in *columnReader) varint() int64 {
	v, n := binary.Varint(in.rest)
	in.skip(n)
	return v
}

// skip goes on behind a number of n bytes.
func (in *columnReader) skip(n int) {
	if n <= 0 {
		in.failed, in.rest = true, nil
		return
	}
	in.rest = in.rest[n:]
}

// length reads a number of things that take at least a byte each.
func (in *columnReader) length() uint64 {
	n := in.uvarint()
	if n > uint64(len(in.rest)) {
		in.failed, in.rest = true, nil
		return 0
	}
	return n
}

func (in *columnReader) bytes() []byte { return in.take(in.length()) }

func (in *columnReader) take(n uint64) []byte {
	if n > uint64(len(in.rest)) {
		in.failed, in.rest = true, nil
		return nil
	}
	part := in.rest[:n]
	in.rest = in.rest[n:]
	return part
}

func (in *columnReader) name(list []string) string {
	at := in.uvarint()
	if at >= uint64(len(list)) {
		in.failed = true
		return ""
	}
	return list[at]
}
