package sheets

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoded reads a file as UTF-8 without a byte order mark: in the encoding that its
// mark names, else as the UTF-8 that it is, else as Windows-1252, which is what Western
// spreadsheets write when nobody asks them for more.
func decoded(file io.ReadSeeker) (io.Reader, error) {
	head := make([]byte, 3)
	n, err := io.ReadFull(file, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	valid, err := isUTF8(io.MultiReader(bytes.NewReader(head), file))
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return transform.NewReader(file, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()), nil
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		// With a mark it says that it is UTF-8; what is not becomes U+FFFD.
		return transform.NewReader(file, unicode.UTF8BOM.NewDecoder()), nil
	case valid:
		return file, nil
	}
	return transform.NewReader(file, charmap.Windows1252.NewDecoder()), nil
}

// isUTF8 reads all and reports whether it is valid UTF-8.
func isUTF8(r io.Reader) (bool, error) {
	buf, kept := make([]byte, 32<<10), 0
	for {
		n, err := r.Read(buf[kept:])
		text := buf[:kept+n]
		end := len(text) - cutRune(text)
		if err == io.EOF {
			return utf8.Valid(text), nil
		}
		if err != nil {
			return false, err
		}
		if !utf8.Valid(text[:end]) {
			return false, nil
		}
		kept = copy(buf, text[end:])
	}
}

// cutRune is how many bytes at the end of a text may be the start of a character.
func cutRune(text []byte) int {
	for n := 1; n <= min(3, len(text)); n++ {
		if last := text[len(text)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return n
			}
			return 0
		}
	}
	return 0
}
