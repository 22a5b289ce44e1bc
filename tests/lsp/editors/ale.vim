" Opens a Dockerfile in Vim with ALE, set up as docs/editors.md says; writes what came of it to $SAID.
" vim -N -u ale.vim --not-a-term -T dumb Dockerfile
filetype plugin on
packadd! ale
execute 'source' fnameescape($SETTINGS)

function! Say(key, value) abort
  call writefile([json_encode({a:key : a:value})], $SAID, 'a')
endfunction

function! Found() abort
  return ale#engine#GetLoclist(bufnr(''))
endfunction

function! Drive() abort
  setlocal filetype=dockerfile
  call ale#Queue(0)
  let l:tries = 0
  while empty(Found()) && l:tries < 1000
    sleep 20m
    let l:tries += 1
  endwhile
  call Say('diagnostics', map(copy(Found()), 'v:val.code'))
  call Say('places', map(copy(Found()), '[v:val.lnum, v:val.col]'))
  call Say('stopped', v:true)
  qall!
endfunction

autocmd VimEnter * call Drive()
