package sheets

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"strings"
)

// workbook is what of an XLSX file must be known before a sheet can be read.
type workbook struct {
	zip      *zip.Reader
	limits   Limits
	sheets   []sheetPart
	texts    []string // shared by the cells
	looks    []look   // by style number
	from1904 bool     // days are counted from 1904
}

type sheetPart struct {
	name, path string
	hidden     bool
}

// maxParts is how many files may be in an XLSX file, pictures and all.
const maxParts = 10_000

func openWorkbook(source io.ReaderAt, size int64, limits Limits) (*workbook, error) {
	archive, err := zip.NewReader(source, size)
	if err != nil {
		return nil, mistake("The file begins like an XLSX file but is damaged; save it again.")
	}
	if len(archive.File) > maxParts {
		return nil, mistake("The file holds more than %d parts; save the sheet as CSV.", maxParts)
	}
	w := &workbook{zip: archive, limits: limits}
	paths, err := w.relations()
	if err != nil {
		return nil, err
	}
	if err := w.readBook(paths); err != nil {
		return nil, err
	}
	if err := w.readStyles(paths["styles"]); err != nil {
		return nil, err
	}
	return w, w.readTexts(paths["sharedStrings"])
}

// names lists the sheets, the hidden ones last.
func (w *workbook) names() (list []string) {
	for _, hidden := range []bool{false, true} {
		for _, s := range w.sheets {
			if s.hidden == hidden {
				list = append(list, s.name)
			}
		}
	}
	return list
}

func (w *workbook) sheet(name string) (sheetPart, error) {
	if name == "" {
		name = w.names()[0]
	}
	for _, s := range w.sheets {
		if strings.EqualFold(s.name, name) {
			return s, nil
		}
	}
	return sheetPart{}, mistake("There is no sheet %q in the file; it has %s.", name, strings.Join(w.names(), ", "))
}

// part opens a file of the archive by its path, letter case aside.
func (w *workbook) part(name string) (io.ReadCloser, error) {
	for _, f := range w.zip.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			r, err := f.Open()
			if err != nil {
				return nil, mistake("The part %s of the file is damaged; save it again.", path.Base(name))
			}
			return r, nil
		}
	}
	return nil, nil
}

// read goes through the elements of a part, as far as limit bytes unpacked. A part that
// is not there is empty.
func (w *workbook) read(name string, limit int64, each func(xml.Token) error) error {
	part, err := w.part(name)
	if part == nil {
		return err
	}
	defer part.Close()
	in := newBounded(part, limit, w.limits)
	decoder := xml.NewDecoder(in)
	for {
		in.again()
		token, err := decoder.RawToken()
		switch {
		case in.over != nil:
			return in.over
		case err == io.EOF:
			return nil
		case err != nil:
			return mistake("The part %s of the file is damaged; open it in a spreadsheet and save it again.", path.Base(name))
		}
		if err := each(token); err != nil {
			return err
		}
	}
}

// smallPart bounds the parts that say where things are and what they look like.
func (w *workbook) smallPart() int64 { return min(w.limits.Unpacked, 16<<20) }

// relations finds the parts of the workbook: by the id of their relation for sheets,
// by what they are for the others.
func (w *workbook) relations() (map[string]string, error) {
	paths := map[string]string{"styles": "xl/styles.xml", "sharedStrings": "xl/sharedStrings.xml", "workbook": "xl/workbook.xml"}
	add := func(base string, byID bool) func(xml.Token) error {
		return func(token xml.Token) error {
			start, ok := token.(xml.StartElement)
			if !ok || start.Name.Local != "Relationship" || len(paths) > maxParts {
				return nil
			}
			target := attribute(start, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(base, target)
			}
			target = strings.TrimPrefix(path.Clean(target), "/")
			switch kind := path.Base(attribute(start, "Type")); {
			case !byID && kind == "officeDocument":
				paths["workbook"] = target
			case byID && (kind == "styles" || kind == "sharedStrings"):
				paths[kind] = target
			case byID:
				paths["id "+attribute(start, "Id")] = target
			}
			return nil
		}
	}
	if err := w.read("_rels/.rels", w.smallPart(), add("", false)); err != nil {
		return nil, err
	}
	dir, file := path.Split(paths["workbook"])
	return paths, w.read(dir+"_rels/"+file+".rels", w.smallPart(), add(dir, true))
}

func (w *workbook) readBook(paths map[string]string) error {
	err := w.read(paths["workbook"], w.smallPart(), func(token xml.Token) error {
		start, ok := token.(xml.StartElement)
		switch {
		case ok && start.Name.Local == "workbookPr":
			is := attribute(start, "date1904")
			w.from1904 = is == "1" || is == "true"
		case ok && start.Name.Local == "sheet":
			id := ""
			for _, a := range start.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			state := attribute(start, "state")
			if part, known := paths["id "+id]; known {
				w.sheets = append(w.sheets, sheetPart{attribute(start, "name"), part, state == "hidden" || state == "veryHidden"})
			}
		}
		return nil
	})
	if err == nil && len(w.sheets) == 0 {
		return mistake("There is no sheet in this file; choose an XLSX file or a CSV.")
	}
	return err
}

// readTexts reads the texts that cells share: runs of one text are put together, how
// they are pronounced is left out.
func (w *workbook) readTexts(name string) error {
	var text strings.Builder
	inText, phonetic := false, false
	return w.read(name, w.limits.Unpacked/sharedPart, func(token xml.Token) error {
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "si":
				text.Reset()
			case "rPh":
				phonetic = true
			}
			inText = t.Name.Local == "t" && !phonetic
		case xml.EndElement:
			switch t.Name.Local {
			case "si":
				w.texts = append(w.texts, unescape(text.String()))
			case "rPh":
				phonetic = false
			}
			inText = false
		case xml.CharData:
			if inText {
				text.Write(t)
			}
		}
		return nil
	})
}

// unescape reads characters that XML has no room for: _x0008_ is a backspace.
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if i+7 <= len(text) && text[i] == '_' && text[i+1] == 'x' && text[i+6] == '_' {
			if code, err := strconv.ParseUint(text[i+2:i+6], 16, 16); err == nil && (code < 0xd800 || code > 0xdfff) {
				out.WriteRune(rune(code))
				i += 6
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// bounded bounds what is read in all, and what is read for one token: the decoder holds
// a token in memory.
type bounded struct {
	in          io.Reader
	buf         []byte
	start, end  int
	left, token int64
	limits      Limits
	over        *Error // set when a bound was passed
}

// tokenBytes is what a token may take beside the text of a cell.
const tokenBytes = 64 << 10

func newBounded(in io.Reader, limit int64, limits Limits) *bounded {
	return &bounded{in: in, buf: make([]byte, 32<<10), left: limit, limits: limits}
}

// again begins another token. A character may be written with up to ten (&#1234567;).
func (b *bounded) again() { b.token = int64(b.limits.CellBytes)*10 + tokenBytes }

// ReadByte is what keeps the decoder from reading ahead.
func (b *bounded) ReadByte() (byte, error) {
	if b.start == b.end {
		n, err := b.in.Read(b.buf)
		if n == 0 {
			if err == nil {
				err = io.ErrNoProgress
			}
			return 0, err
		}
		b.start, b.end = 0, n
	}
	if b.left--; b.left < 0 {
		b.over = b.limits.unpacksTooFar()
		return 0, b.over
	}
	if b.token--; b.token < 0 {
		b.over = mistake("This cell has more than %d bytes of text; shorten it.", b.limits.CellBytes)
		return 0, b.over
	}
	c := b.buf[b.start]
	b.start++
	return c, nil
}

func (b *bounded) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := b.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}
