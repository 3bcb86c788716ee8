package transfer

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
)

// stage is how far an import is.
type stage string

const (
	mapping  stage = "mapping"  // the columns are to be mapped
	checking stage = "checking" // rows are held against the type and its records
	checked  stage = "checked"  // what would be done is known
	running  stage = "running"  // records are written
	done     stage = "done"     // all that could be written is, or it was stopped
	undoing  stage = "undoing"  // what was written is taken back
	undone   stage = "undone"
)

// job is one uploaded file on its way to become records.
type job struct {
	id, account, typ string
	file             string // its name, as it was sent
	data             []byte
	began            time.Time
	notes            []note    // about the type that was made of it
	touched          time.Time // guarded by the store

	mu     sync.Mutex // guards all below; what a stage has finished is not changed any more
	stage  stage
	table  outline
	plan   plan
	tally  tally
	step   int             // rows or records that the stage has done
	steps  int             // of so many
	why    schema.Sentence // what ended the stage before its end
	halted bool
	cancel context.CancelFunc
	faults []fault
	made   []made
	moved  []moved
	left   []schema.Sentence // what taking back left as it is
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

// tally counts rows by what becomes of them.
type tally struct{ fresh, changed, same, wrong, short int }

// fault is one row that is not imported, and why.
type fault struct {
	line   int
	column string
	reason schema.Sentence
	cells  []string
}

// The bounds of what an import keeps of its rows.
const (
	faultsKept  = 5_000
	samplesKept = 3
	sampleRunes = 60
)

func (j *job) busy() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.stage == checking || j.stage == running || j.stage == undoing
}

// stop ends what is under way, between two batches.
func (j *job) stop() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.cancel != nil {
		j.cancel()
	}
}

// open reads the file from its beginning.
func (j *job) open() (*sheets.Book, error) {
	return sheets.Open(bytes.NewReader(j.data), int64(len(j.data)), sheets.Limits{})
}

// outline reads the whole of a sheet once.
func (j *job) outline(sheet string) (outline, error) {
	book, err := j.open()
	if err != nil {
		return outline{}, err
	}
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
		o.rows++
		for i, cell := range row.Cells {
			if cell.Kind != sheets.Empty && len(o.samples[i]) < samplesKept {
				o.samples[i] = append(o.samples[i], cell.Text)
			}
			o.utc = o.utc || cell.Kind == sheets.Moment
		}
	}
}

// setTable makes a sheet the one to import.
func (j *job) setTable(o outline) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.table, j.stage = o, mapping
}

// begin starts a stage that goes on in the background; false where one is under way.
func (j *job) begin(s stage, steps int, from ...stage) (context.Context, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, f := range from {
		if j.stage == f {
			ctx, cancel := context.WithCancel(context.Background())
			j.stage, j.step, j.steps, j.cancel, j.why, j.halted = s, 0, steps, cancel, schema.Sentence{}, false
			return ctx, true
		}
	}
	return nil, false
}

// end goes to the next stage, with what went wrong.
func (j *job) end(s stage, why schema.Sentence, halted bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cancel()
	j.stage, j.why, j.halted, j.cancel = s, why, halted, nil
}

// took counts rows that are done with.
func (j *job) took(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.step += n
}

func (j *job) addFault(f fault) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tally.wrong++
	if len(j.faults) < faultsKept {
		j.faults = append(j.faults, f)
	}
}

// view is a job as it is at one moment. What its slices hold is not changed any more.
type view struct {
	stage       stage
	table       outline
	plan        plan
	tally       tally
	step, steps int
	why         schema.Sentence
	halted      bool
	faults      []fault
	made, moved int
	left        []schema.Sentence
}

func (j *job) look() view {
	j.mu.Lock()
	defer j.mu.Unlock()
	return view{j.stage, j.table, j.plan, j.tally, j.step, j.steps, j.why, j.halted, j.faults[:len(j.faults):len(j.faults)], len(j.made), len(j.moved), j.left}
}
