package templates

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
)

//go:embed static
var embedded embed.FS

// Static is the files that pages load. Safe for concurrent use.
type Static struct{ files map[string]File }

// File is one of them. Its body must not be changed.
type File struct {
	Body      []byte
	MediaType string
	Version   string // changes with the body
}

// LoadStatic reads the embedded files.
func LoadStatic() (*Static, error) {
	s := &Static{files: make(map[string]File)}
	err := fs.WalkDir(embedded, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := embedded.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		s.files[path.Base(name)] = File{Body: body, MediaType: mediaType(name), Version: hex.EncodeToString(sum[:6])}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("templates: read static files: %w", err)
	}
	return s, nil
}

// mediaType does not ask the machine's own table, which differs between machines,
// for the types that decide what a browser does with a file.
func mediaType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return mime.TypeByExtension(ext)
	}
}

// File finds a file by its name.
func (s *Static) File(name string) (File, bool) {
	f, ok := s.files[name]
	return f, ok
}

// URL is where a page loads a file from. It changes when the file does, so that
// browsers may keep what they have. A nil Static gives it without the version.
func (s *Static) URL(name string) string {
	if s == nil {
		return "/admin/static/" + name
	}
	return "/admin/static/" + name + "?v=" + s.files[name].Version
}
