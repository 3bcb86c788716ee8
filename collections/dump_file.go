package collections

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
)

// A dump as a file: a line that says what it is, and then, compressed, frames. A frame is
// the length of a part's JSON, its checksum, and the JSON. One of length 0 is the last, and
// is followed by the SHA-256 of all parts, so that a file that was cut off is known.

// DumpHeader begins a file that WriteDump wrote.
const DumpHeader = "fieldstack parts 1\n"

// ErrBadDump is what every error of ReadDump about the file wraps.
var ErrBadDump = errors.New("collections: this is no whole backup of parts")

// largestPart bounds what a damaged length can ask for.
const largestPart = 1 << 30

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// WriteDump writes all that a store holds to a file, while others read and write: a backup
// of a store that has no file of its own. progress may be nil; it is told of things. See
// [Dump] for what the file holds of what is written meanwhile.
func WriteDump(ctx context.Context, store Dumper, w io.Writer, progress func(done, total int64)) error {
	total, err := store.DumpSize(ctx)
	if err != nil {
		return err
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	if _, err := io.WriteString(w, DumpHeader); err != nil {
		return err
	}
	packed, err := zstd.NewWriter(w)
	if err != nil {
		return err
	}
	to := &dumpWriter{to: packed, all: sha256.New()}
	done := int64(0)
	err = Dump(ctx, store, "", func(p *Part) error {
		done += int64(p.Len())
		progress(min(done, total), total)
		return to.part(p)
	})
	if err == nil {
		err = to.end()
	}
	if err := errors.Join(err, packed.Close()); err != nil {
		return err
	}
	progress(total, total)
	return nil
}

// dumpWriter writes frames.
type dumpWriter struct {
	to   io.Writer
	all  hash.Hash
	text []byte
}

func (d *dumpWriter) part(p *Part) (err error) {
	if d.text, err = AppendPart(d.text[:0], p); err != nil {
		return err
	}
	if len(d.text) > largestPart {
		return fmt.Errorf("collections: a part of %d bytes is too large for a backup", len(d.text))
	}
	d.all.Write(d.text)
	head := binary.BigEndian.AppendUint32(nil, uint32(len(d.text)))
	head = binary.BigEndian.AppendUint32(head, crc32.Checksum(d.text, castagnoli))
	if _, err := d.to.Write(head); err != nil {
		return err
	}
	_, err = d.to.Write(d.text)
	return err
}

func (d *dumpWriter) end() error {
	_, err := d.to.Write(d.all.Sum(make([]byte, 8)))
	return err
}

// IsDump reports whether a file that begins so is one that WriteDump wrote.
func IsDump(begins []byte) bool { return bytes.HasPrefix(begins, []byte(DumpHeader)) }

// ReadDump gives each the parts of a file that WriteDump wrote. That the file is whole is
// known only at the end. Errors of the file wrap ErrBadDump; those of each come as they are.
func ReadDump(r io.Reader, each func(*Part) error) error {
	head := make([]byte, len(DumpHeader))
	if _, err := io.ReadFull(r, head); err != nil || !IsDump(head) {
		return ErrBadDump
	}
	packed, err := zstd.NewReader(r, zstd.WithDecoderMaxMemory(2*largestPart))
	if err != nil {
		return err
	}
	defer packed.Close()
	from, all := bufio.NewReader(packed), sha256.New()
	for {
		text, err := readFrame(from)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBadDump, err)
		}
		if text == nil {
			break
		}
		all.Write(text)
		p, err := ParsePart(text)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBadDump, err)
		}
		if err := each(p); err != nil {
			return err
		}
	}
	var sum [sha256.Size]byte
	if _, err := io.ReadFull(from, sum[:]); err != nil || !bytes.Equal(sum[:], all.Sum(nil)) {
		return fmt.Errorf("%w: its parts are not those that were written", ErrBadDump)
	}
	if _, err := from.ReadByte(); err != io.EOF {
		return fmt.Errorf("%w: something comes after its end", ErrBadDump)
	}
	return nil
}

// readFrame reads the JSON of a part, nil at the last frame.
func readFrame(from *bufio.Reader) ([]byte, error) {
	var head [8]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return nil, errors.New("it is cut off, or cannot be read")
	}
	size := binary.BigEndian.Uint32(head[:])
	if size == 0 {
		return nil, nil
	}
	if size > largestPart {
		return nil, errors.New("it is damaged")
	}
	var text bytes.Buffer // grows with what comes, and not with what a length says
	if n, err := io.CopyN(&text, from, int64(size)); err != nil || n != int64(size) {
		return nil, errors.New("it is cut off, or cannot be read")
	}
	if crc32.Checksum(text.Bytes(), castagnoli) != binary.BigEndian.Uint32(head[4:]) {
		return nil, errors.New("it is damaged")
	}
	return text.Bytes(), nil
}
