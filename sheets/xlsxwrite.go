package sheets

import (
	"archive/zip"
	"bufio"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// xlsxWriter writes a workbook of one sheet straight into the zip that goes out, so
// that nothing is kept, in memory or on disk. Texts are written where they stand
// (inlineStr): they can be no formula, whatever they begin with, and there is no list
// of them to hold.
type xlsxWriter struct {
	zip       *zip.Writer
	out       *bufio.Writer
	row       int
	shortened int
}

// maxXLSXText and maxXLSXRows are what a cell and a sheet hold, by the format.
const (
	maxXLSXText = 32_767 // UTF-16 units
	maxXLSXRows = 1_048_576
)

// The styles of styles.xml, by their place there.
const (
	styleHead   = 1
	styleDate   = 2
	styleMoment = 3
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// The names of what the parts of a file say, from the standard (ECMA-376).
const (
	packageNS = "http://schemas.openxmlformats.org/package/2006/"
	officeNS  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	sheetNS   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

const xlsxStyles = `<styleSheet xmlns="` + sheetNS + `">` +
	`<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd hh:mm:ss"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`

// xlsxFrame are the parts beside the sheets of these names.
func xlsxFrame(names []string) (parts [][2]string) {
	var types, sheets, relations strings.Builder
	for i, name := range names {
		n := strconv.Itoa(i + 1)
		types.WriteString(`<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="` + sheetType + `worksheet+xml"/>`)
		sheets.WriteString(`<sheet name="` + html.EscapeString(name) + `" sheetId="` + n + `" r:id="rId` + n + `"/>`)
		relations.WriteString(`<Relationship Id="rId` + n + `" Type="` + officeNS + `/worksheet" Target="worksheets/sheet` + n + `.xml"/>`)
	}
	return [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + packageNS + `content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + sheetType + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + sheetType + `styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packageNS + `relationships"><Relationship Id="rId1" Type="` + officeNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + sheetNS + `" xmlns:r="` + officeNS + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packageNS + `relationships">` + relations.String() +
			`<Relationship Id="styles" Type="` + officeNS + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", xlsxStyles},
	}
}

// beginXLSX writes what stands beside the sheets of these names.
func beginXLSX(to io.Writer, names ...string) (*xlsxWriter, error) {
	w := &xlsxWriter{zip: zip.NewWriter(to)}
	for _, part := range xlsxFrame(names) {
		out, err := w.zip.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(out, xmlHead+part[1]); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func newXLSXWriter(to io.Writer, columns []string) (*xlsxWriter, error) {
	w, err := beginXLSX(to, "Records")
	if err != nil {
		return nil, err
	}
	return w, w.beginSheet(1, columns)
}

// beginSheet begins the sheet of that number, from 1.
func (w *xlsxWriter) beginSheet(n int, columns []string) error {
	sheet, err := w.zip.Create("xl/worksheets/sheet" + strconv.Itoa(n) + ".xml")
	if err != nil {
		return err
	}
	w.out, w.row = bufio.NewWriterSize(sheet, 32<<10), 0
	w.out.WriteString(xmlHead + `<worksheet xmlns="` + sheetNS + `">` +
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="` + strconv.Itoa(max(1, len(columns))) + `" width="18" customWidth="1"/></cols><sheetData>`)
	names := make([]Cell, len(columns))
	for i, name := range columns {
		names[i] = OfText(name)
	}
	return w.write(names, styleHead)
}

func (w *xlsxWriter) endSheet() error {
	w.out.WriteString("</sheetData></worksheet>")
	return w.out.Flush()
}

func (w *xlsxWriter) Write(cells []Cell) error { return w.write(cells, 0) }

func (w *xlsxWriter) write(cells []Cell, style int) error {
	if w.row == maxXLSXRows {
		return mistake("A sheet of XLSX has room for %d rows; use CSV, or a filter.", maxXLSXRows-1)
	}
	w.row++
	fmt.Fprintf(w.out, `<row r="%d">`, w.row)
	for i, cell := range cells {
		w.writeCell(ColumnLetters(i+1)+strconv.Itoa(w.row), cell, style)
	}
	_, err := w.out.WriteString("</row>")
	return err
}

func (w *xlsxWriter) writeCell(name string, cell Cell, style int) {
	switch cell.Kind {
	case Empty:
		return
	case Number:
		if math.IsInf(cell.Number, 0) || math.IsNaN(cell.Number) {
			break
		}
		fmt.Fprintf(w.out, `<c r="%s"><v>%s</v></c>`, name, strconv.FormatFloat(cell.Number, 'g', -1, 64))
		return
	case Truth:
		fmt.Fprintf(w.out, `<c r="%s" t="b"><v>%d</v></c>`, name, int(cell.Number))
		return
	case Date, Moment:
		if t, ok := cell.time(); ok && t.Year() >= 1901 && t.Year() <= 9999 {
			style, days := styleDate, t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Seconds()/86400
			if cell.Kind == Moment {
				style = styleMoment
			}
			fmt.Fprintf(w.out, `<c r="%s" s="%d"><v>%s</v></c>`, name, style, strconv.FormatFloat(days, 'g', -1, 64))
			return
		}
	}
	fmt.Fprintf(w.out, `<c r="%s"`, name)
	if style != 0 {
		fmt.Fprintf(w.out, ` s="%d"`, style)
	}
	w.out.WriteString(` t="inlineStr"><is><t xml:space="preserve">`)
	w.writeText(cell.Text)
	w.out.WriteString(`</t></is></c>`)
}

// writeText escapes a text for XML. What XML has no room for, and what would be read
// as an escape, is written as XLSX has it: _x0008_ is a backspace.
func (w *xlsxWriter) writeText(text string) {
	text = w.shorten(text)
	for i, r := range text {
		switch {
		case r == '<':
			w.out.WriteString("&lt;")
		case r == '>':
			w.out.WriteString("&gt;")
		case r == '&':
			w.out.WriteString("&amp;")
		case r == '\r':
			w.out.WriteString("_x000D_") // XML reads it as a line feed
		case r < ' ' && r != '\n' && r != '\t', r == 0xfffe, r == 0xffff:
			fmt.Fprintf(w.out, "_x%04X_", r)
		case r == '_' && unescape(text[i:min(i+7, len(text))]) != text[i:min(i+7, len(text))]:
			w.out.WriteString("_x005F_")
		default:
			w.out.WriteRune(r)
		}
	}
}

// shorten cuts a text to what a cell holds.
func (w *xlsxWriter) shorten(text string) string {
	if len(text) <= maxXLSXText {
		return text
	}
	units, end := 0, 0
	for i, r := range text {
		if units += utf16Units(r); units > maxXLSXText {
			w.shortened++
			return text[:end] + "…"
		}
		if units < maxXLSXText {
			end = i + utf8.RuneLen(r)
		}
	}
	return text
}

func utf16Units(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

func (w *xlsxWriter) Close() error {
	if err := w.endSheet(); err != nil {
		return err
	}
	return w.zip.Close()
}

func (w *xlsxWriter) Shortened() int { return w.shortened }
