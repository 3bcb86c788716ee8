package transfer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/sheets"
)

// file is one uploaded file on its way to become records.
type file struct {
	id, account, typ string
	name             string // as it was sent
	path             string // where it is kept
	size             int64
	began            time.Time
	notes            []note    // about the type that was made of it
	touched          time.Time // guarded by the store

	starting sync.Mutex // held while a job about it is begun

	mu    sync.Mutex // guards all below; what it points to is not changed any more
	table outline
	plan  plan
	check string    // the job that checks it against the records, "" for none yet
	run   string    // the job that imports it, "" for none yet
	wrong *findings // of the import, when it has begun
}

// outline is what of a table a person needs to see to map it.
type outline struct {
	sheet   string
	sheets  []string
	columns []string
	samples [][]string // of each column
	rows    int
	utc     bool // it holds times that have no zone
}

// The bounds of what is kept of the rows of a file.
const (
	faultsKept  = 5_000
	samplesKept = 3
	sampleRunes = 60
)

// view is a file as it is at one moment.
type view struct {
	table      outline
	plan       plan
	check, run string
	wrong      *findings
}

func (f *file) look() view {
	f.mu.Lock()
	defer f.mu.Unlock()
	return view{f.table, f.plan, f.check, f.run, f.wrong}
}

// set changes what is known of a file, unless its import has begun.
func (f *file) set(change func()) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.run != "" {
		return tooLate()
	}
	change()
	return nil
}

// book is a file that is open.
type book struct {
	*sheets.Book
	file *os.File
}

func (b *book) Close() error { return b.file.Close() }

// open reads the file from its beginning. Whoever calls it closes the book.
func (f *file) open() (*book, error) {
	opened, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("transfer: open an uploaded file: %w", err)
	}
	b, err := sheets.Open(opened, f.size, sheets.Limits{Bytes: f.size})
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return &book{b, opened}, nil
}

// outline reads the whole of a sheet once.
func (f *file) outline(sheet string) (outline, error) {
	book, err := f.open()
	if err != nil {
		return outline{}, err
	}
	defer book.Close()
	o := outline{sheet: sheet, sheets: book.Sheets()}
	if sheet == "" {
		o.sheet = o.sheets[0]
	}
	table, err := book.Table(o.sheet)
	if err != nil {
		return outline{}, err
	}
	defer table.Close()
	o.columns, o.samples = table.Columns, make([][]string, len(table.Columns))
	for {
		row, err := table.Next()
		if err == io.EOF {
			return o, nil
		}
		if err != nil {
			return outline{}, err
		}
		o.take(row)
	}
}

// take adds a row.
func (o *outline) take(row sheets.Row) {
	o.rows++
	for i, cell := range row.Cells {
		if cell.Kind != sheets.Empty && len(o.samples[i]) < samplesKept {
			o.samples[i] = append(o.samples[i], cell.Text)
		}
		o.utc = o.utc || cell.Kind == sheets.Moment
	}
}
