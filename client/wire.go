package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Subscription is what this device wants of one type.
type Subscription struct {
	Type  string            `json:"type"`
	Where *schema.Condition `json:"where,omitempty"`
}

// request is the body of POST /api/_sync.
type request struct {
	Replica   crdt.Replica      `json:"replica"`
	Cursor    string            `json:"cursor"`
	Since     string            `json:"since,omitempty"`
	Subscribe []Subscription    `json:"subscribe,omitempty"`
	Changes   []json.RawMessage `json:"changes"`
	Device    deviceReport      `json:"device"`
}

// deviceReport is what this device says about itself, for those who look after devices.
type deviceReport struct {
	Label   string         `json:"label,omitempty"`
	App     string         `json:"app,omitempty"`
	Unsent  int            `json:"unsent"`           // changes that wait and are not in this request
	Oldest  int64          `json:"oldest,omitempty"` // when the first of those was made, ms since 1970 UTC
	Refused int            `json:"refused,omitempty"`
	Types   map[string]int `json:"types,omitempty"` // the version it has of each type
}

// response is the answer to it, and the data of a live event (without results).
type response struct {
	Results   []result          `json:"results"`
	Reset     bool              `json:"reset"`
	Outdated  *outdatedWire     `json:"outdated"`
	Types     []typeWire        `json:"types"`
	Changes   []json.RawMessage `json:"changes"`
	Documents []documentWire    `json:"documents"`
	Forget    []key             `json:"forget"`
	Cursor    string            `json:"cursor"`
	More      bool              `json:"more"`
	Now       int64             `json:"now"`
	Emptied   int64             `json:"emptied"`
}

type result struct {
	N     uint64    `json:"n"`
	OK    bool      `json:"ok"`
	Stamp crdt.Time `json:"stamp"`
	Error *Error    `json:"error"`
}

// outdatedWire tells a device that was away for too long.
type outdatedWire struct {
	Message string `json:"message"`
}

type typeWire struct {
	Name    string          `json:"name"`
	Version int             `json:"version"`
	Schema  json.RawMessage `json:"schema"`
	Grant   struct {
		Create   bool     `json:"create"`
		ReadOnly []string `json:"readOnly"`
	} `json:"grant"`
}

type documentWire struct {
	Type  string          `json:"type"`
	ID    string          `json:"id"`
	Value json.RawMessage `json:"value"`
	Meta  []byte          `json:"meta"`
}

type key struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// maxAnswer bounds what a device reads of one answer.
const maxAnswer = 256 << 20

// call sends one request with a JSON body and reads a JSON answer. Whatever keeps an
// answer from coming is CodeOffline: the request may or may not have been carried out.
func (d *Device) call(ctx context.Context, method, path string, body, answer any) error {
	me := d.identity()
	if me.URL == "" {
		return &Error{Code: CodeOffline, Message: "this device does not know its server yet: give Options.URL"}
	}
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("client: encode request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, me.URL+path, bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if me.Token != "" {
		req.Header.Set("Authorization", "Bearer "+me.Token)
	}
	resp, err := d.http.Do(req)
	if err != nil {
		return offline(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return offline(err)
	}
	if resp.StatusCode >= 400 {
		return failure(resp.StatusCode, got)
	}
	if answer == nil || len(got) == 0 {
		return nil
	}
	if err := json.Unmarshal(got, answer); err != nil {
		return offline(fmt.Errorf("the answer is not of a fieldstack server: %w", err))
	}
	return nil
}

func offline(cause error) error {
	return &Error{Code: CodeOffline, Message: "the server cannot be reached; the work is kept on this device and sent later", cause: cause}
}

// failure reads an error answer. A 5xx, or one not in our form (a proxy's), is a
// server that cannot be reached.
func failure(status int, body []byte) error {
	var wrapped struct{ Error *Error }
	if err := json.Unmarshal(body, &wrapped); err != nil || wrapped.Error == nil || wrapped.Error.Code == "" {
		return offline(fmt.Errorf("status %d", status))
	}
	if status >= 500 {
		return &Error{Code: CodeOffline, Message: wrapped.Error.Message, cause: errors.New(wrapped.Error.Code)}
	}
	return wrapped.Error
}

func (d *Device) identity() identity {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.me
}

// UseServer says where the server is from now on, in the place of Options.URL.
func (d *Device) UseServer(ctx context.Context, url string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return err
	}
	me := d.me
	me.URL = strings.TrimRight(url, "/")
	return d.saveIdentity(ctx, me)
}

// SignIn exchanges a sign-in name and password for a session, kept in the device's
// file, in the place of the token before.
func (d *Device) SignIn(ctx context.Context, name, password string) error {
	return d.signIn(ctx, map[string]string{"identity": name, "password": password})
}

// Enrol exchanges a one-time enrolment code for a device token.
func (d *Device) Enrol(ctx context.Context, code string) error {
	return d.signIn(ctx, map[string]string{"code": code})
}

func (d *Device) signIn(ctx context.Context, credentials map[string]string) error {
	var answer struct{ Token string }
	if err := d.call(ctx, http.MethodPost, "/api/_session", credentials, &answer); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return err
	}
	me := d.me
	me.Token = answer.Token
	return d.saveIdentity(ctx, me)
}

// saveIdentity writes who this store is; what is in memory follows what is on disk.
// The caller holds mu.
func (d *Device) saveIdentity(ctx context.Context, me identity) error {
	err := d.store.write(ctx, func(t *tx) error { return t.setState("me", me) })
	if err == nil {
		d.me = me
	}
	return err
}
