// Package access is the pages in which people prove who they are: the first account of
// a new server, signing in and out, one's own password and language.
package access
