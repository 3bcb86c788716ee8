package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// remote is a running server, spoken to over its public API.
type remote struct {
	url, token string
	http       *http.Client
}

// openServer gives the running server that the flags name.
func (f *targetFlags) openServer() (*remote, error) {
	if u, err := url.Parse(f.server); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("--server is %q: give the address that a browser takes, such as http://127.0.0.1:8090", f.server)
	}
	if f.token == "" {
		return nil, errors.New("--server needs --token (or FIELDSTACK_TOKEN): 'fieldstack token create' makes one, on the data folder while the server is stopped")
	}
	return newRemote(f.server, f.token), nil
}

func newRemote(address, token string) *remote {
	return &remote{url: strings.TrimRight(address, "/"), token: token, http: &http.Client{Timeout: 2 * time.Minute}}
}

// remoteError is an answer to a mistake, as the server words it.
type remoteError struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field"`
}

func (e *remoteError) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s (%s)", e.Message, e.Field)
	}
	return e.Message
}

// call sends in as JSON and reads the answer into out; either may be nil.
func (r *remote) call(ctx context.Context, method, path string, in, out any) error {
	resp, err := r.send(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	return nil
}

// send is call for an answer that is read as it comes; the caller closes its body.
func (r *remote) send(ctx context.Context, method, path string, in any) (*http.Response, error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.url+path, body)
	if err != nil {
		return nil, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	resp, err := r.http.Do(req)
	if err != nil {
		var asked *url.Error
		if errors.As(err, &asked) {
			err = asked.Err // which request it was says nothing to who asked for something else
		}
		return nil, fmt.Errorf("no answer from %s (%w): is the server running, and is this its address?", r.url, err)
	}
	if resp.StatusCode < 400 {
		return resp, nil
	}
	return nil, r.mistake(resp, method+" "+path)
}

// mistake reads an answer that is an error.
func (r *remote) mistake(resp *http.Response, asked string) error {
	defer resp.Body.Close()
	var wrapped struct{ Error remoteError }
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if json.Unmarshal(text, &wrapped) != nil || wrapped.Error.Message == "" {
		wrapped.Error.Message = fmt.Sprintf("%s answered %s to %s: is it a fieldstack?", r.url, resp.Status, asked)
	}
	if resp.StatusCode == http.StatusUnauthorized {
		wrapped.Error.Message = fmt.Sprintf("%s does not take the token: it was mistyped, revoked or has ended; 'fieldstack token create' makes another", r.url)
	}
	wrapped.Error.Status = resp.StatusCode
	return &wrapped.Error
}
