package sheets

import (
	"bufio"
	"bytes"
	"io"
)

// csvReader reads lines of cells. It is our own because the one of the standard library
// loses carriage returns within quotes, and ends a file whose last quote is never
// closed as if all after it were one cell.
type csvReader struct {
	in        *bufio.Reader
	delimiter byte
	limits    Limits
	line      int
	cells     []Cell
	cell      []byte
	fault     *Error
}

// guessBytes is how much of a file tells its delimiter.
const guessBytes = 64 << 10

func newCSVReader(file io.ReadSeeker, limits Limits) (*csvReader, error) {
	text, err := decoded(file)
	if err != nil {
		return nil, err
	}
	r := &csvReader{in: bufio.NewReaderSize(text, guessBytes), limits: limits, line: 1}
	head, err := r.in.Peek(guessBytes)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(head) == guessBytes {
		// The last line may be cut.
		head = head[:max(bytes.LastIndexByte(head, '\n'), bytes.LastIndexByte(head, '\r'), 0)]
	}
	// Excel's own way to say it, on a line of its own.
	if rest, ok := bytes.CutPrefix(head, []byte("sep=")); ok && len(rest) > 1 && bytes.IndexByte(delimiters, rest[0]) >= 0 && (rest[1] == '\r' || rest[1] == '\n') {
		r.delimiter = rest[0]
		_, err = r.in.Discard(len("sep=;"))
		return r, err
	}
	r.delimiter = guessDelimiter(head)
	return r, nil
}

func (r *csvReader) pads() bool   { return false }
func (r *csvReader) Close() error { return nil }

func (r *csvReader) next() (int, []Cell, *Error, error) {
	for {
		line := r.line
		r.cells, r.fault = nil, nil
		err := r.readLine()
		if err != nil && err != io.EOF {
			return 0, nil, nil, err
		}
		if filled(r.cells) {
			return line, r.cells, r.fault, nil
		}
		if err == io.EOF {
			return 0, nil, nil, io.EOF
		}
	}
}

// readLine reads cells up to a line end that stands outside quotes; io.EOF with the
// last line.
func (r *csvReader) readLine() error {
	for {
		end, err := r.readCell()
		if err != nil && err != io.EOF {
			return err
		}
		if len(r.cells) == r.limits.Columns {
			return r.limits.tooManyColumns(r.line)
		}
		r.cells = append(r.cells, OfText(rearm(string(r.cell))))
		switch {
		case err == io.EOF:
			return io.EOF
		case end == '\n':
			r.line++
			return nil
		}
	}
}

// readCell reads one cell and what ended it: the delimiter, or '\n' for any line end.
func (r *csvReader) readCell() (end byte, err error) {
	r.cell = r.cell[:0]
	c, err := r.in.ReadByte()
	if err == nil && c == '"' {
		if err := r.readQuoted(); err != nil {
			return 0, err
		}
		c, err = r.in.ReadByte()
		if err == nil && c != r.delimiter && c != '\n' && c != '\r' && r.fault == nil {
			r.fault = mistakeAt(r.line, len(r.cells)+1, `There is text after the closing quote; write a quote within quotes twice ("").`)
		}
	}
	for ; err == nil; c, err = r.in.ReadByte() {
		switch c {
		case r.delimiter:
			return c, nil
		case '\r':
			r.skip('\n')
			return '\n', nil
		case '\n':
			return '\n', nil
		}
		if err := r.add(c); err != nil {
			return 0, err
		}
	}
	return 0, err
}

// readQuoted reads up to the closing quote.
func (r *csvReader) readQuoted() error {
	opened := mistakeAt(r.line, len(r.cells)+1, "A quote is opened here and never closed; close it, or take it away.")
	for {
		c, err := r.in.ReadByte()
		switch {
		case err == io.EOF:
			return opened
		case err != nil:
			return err
		case c == '"' && !r.skip('"'):
			return nil
		case c == '\n', c == '\r' && !r.sees('\n'):
			r.line++
		}
		if err := r.add(c); err != nil {
			return err
		}
	}
}

func (r *csvReader) add(c byte) error {
	if len(r.cell) >= r.limits.CellBytes {
		return r.limits.cellTooLong(r.line, len(r.cells)+1)
	}
	r.cell = append(r.cell, c)
	return nil
}

func (r *csvReader) sees(c byte) bool {
	ahead, _ := r.in.Peek(1)
	return len(ahead) == 1 && ahead[0] == c
}

// skip passes over a character if it is the next.
func (r *csvReader) skip(c byte) bool {
	if !r.sees(c) {
		return false
	}
	_, err := r.in.Discard(1)
	return err == nil
}
