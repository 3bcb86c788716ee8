package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

// Site is an app of the browser's own, served as files below a path. It asks the API
// for all else, so its files are for anybody.
type Site struct {
	At    string // such as /app
	Files fs.FS  // with an index.html, which answers every address of a page
	// Hashed is the folder of files whose names change with what they hold: a browser
	// keeps them for good. It asks for all others again.
	Hashed string
	// Shared are files that pages of other origins may load.
	Shared []string
	// Worker is the service worker. It may answer for At itself too, which by its own
	// path it may not: somebody who types the address without a slash has no network either.
	Worker string
	// Manifest is what a browser installs the app by. Where the server has a name, the app
	// is called that, and finds it there. Name "" or nil leaves what the file says.
	Manifest string
	Name     func() string
}

// sitePolicy is policy for an app: pictures and recordings that it made itself come as
// blob: and data:, and it asks nobody but us.
const sitePolicy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self'; " +
	"manifest-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// siteFile is one file, ready to be sent.
type siteFile struct {
	body      []byte
	squeezed  func() []byte // made when first asked for; nil where it saves nothing
	mediaType string
	tag       string
	keep      bool // for good
	shared    bool
	scope     string // what it may answer for, as a service worker
}

// Routes reads the files and gives the routes that serve them.
func (s Site) Routes() ([]Route, error) {
	files := map[string]*siteFile{}
	err := fs.WalkDir(s.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = s.read(name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("web: read the files for %s: %w", s.At, err)
	}
	if f := files[s.Worker]; f != nil {
		f.scope = s.At
	}
	index := files["index.html"]
	if index == nil {
		return nil, fmt.Errorf("web: the files for %s have no index.html", s.At)
	}
	for _, name := range s.Shared {
		if f := files[name]; f != nil {
			f.shared = true
		}
	}
	serve := func(c *fiber.Ctx) error {
		name := c.Params("*")
		f := files[name]
		// What looks like a file is one, or it is missing; anything else is a page.
		if f == nil && path.Ext(name) == "" && !strings.HasPrefix(name, s.Hashed+"/") {
			f = index
		}
		if f == nil {
			return collections.Errorf(collections.NotFound, "", "There is no such file.")
		}
		if name == s.Manifest && s.Name != nil {
			f = f.called(s.Name())
		}
		return f.serve(c)
	}
	return []Route{
		{Method: fiber.MethodGet, Path: s.At, Access: Public, Handler: func(c *fiber.Ctx) error { return c.Redirect(s.At+"/", fiber.StatusSeeOther) }},
		{Method: fiber.MethodGet, Path: s.At + "/", Access: Public, Handler: index.serve},
		{Method: fiber.MethodGet, Path: s.At + "/*", Access: Public, Handler: serve},
	}, nil
}

func (s Site) read(name string) (*siteFile, error) {
	body, err := fs.ReadFile(s.Files, name)
	if err != nil {
		return nil, err
	}
	mediaType := mediaTypes[path.Ext(name)]
	if mediaType == "" {
		return nil, fmt.Errorf("%s: this kind of file has no media type in mediaTypes", name)
	}
	f := newSiteFile(body, mediaType)
	f.keep = s.Hashed != "" && strings.HasPrefix(name, s.Hashed+"/")
	return f, nil
}

func newSiteFile(body []byte, mediaType string) *siteFile {
	sum := sha256.Sum256(body)
	return &siteFile{
		body: body, mediaType: mediaType,
		tag:      `W/"` + hex.EncodeToString(sum[:8]) + `"`, // weak: squeezed or not, it is the same file
		squeezed: sync.OnceValue(func() []byte { return squeeze(body) }),
	}
}

// called is a manifest that gives the app this name.
func (f *siteFile) called(name string) *siteFile {
	members := map[string]any{}
	if name == "" || json.Unmarshal(f.body, &members) != nil {
		return f
	}
	members["name"], members["short_name"] = name, name
	body, err := json.Marshal(members)
	if err != nil {
		return f
	}
	return newSiteFile(body, f.mediaType)
}

// mediaTypes does not ask the machine's own table, which differs between machines.
var mediaTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json; charset=utf-8",
	".map":         "application/json; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
}

// squeeze is done once, so it may take its time, though not from a server's start. Nil where
// it saves less than a tenth.
func squeeze(body []byte) []byte {
	var to bytes.Buffer
	w, _ := gzip.NewWriterLevel(&to, gzip.BestCompression) // the level is one of gzip's
	_, _ = w.Write(body)                                   // into memory
	_ = w.Close()
	if to.Len() > len(body)*9/10 {
		return nil
	}
	return to.Bytes()
}

func (f *siteFile) serve(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, sitePolicy)
	c.Set("Permissions-Policy", "camera=(self)")
	c.Set(fiber.HeaderETag, f.tag)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderCacheControl, "public, no-cache")
	if f.keep {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	if f.scope != "" {
		c.Set("Service-Worker-Allowed", f.scope)
	}
	if f.shared {
		c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
		c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	if strings.Contains(c.Get(fiber.HeaderIfNoneMatch), strings.TrimPrefix(f.tag, "W/")) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, f.mediaType)
	if c.Context().Request.Header.HasAcceptEncoding("gzip") {
		if squeezed := f.squeezed(); squeezed != nil {
			c.Set(fiber.HeaderContentEncoding, "gzip")
			c.Response().SetBodyRaw(squeezed)
			return nil
		}
	}
	c.Response().SetBodyRaw(f.body)
	return nil
}
