// Debian's nginx as a mail proxy, with everything in a folder: one worker, TLS before a server without it. Which server that is it asks over
// HTTP, and is answered from here.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { UNPACKED } from '../tools/debian.ts'
import { freePort } from '../test/support/free-port.ts'
import { untilItListens } from '../test/support/peer.ts'

export async function nginxMail(
  folder: string,
  backEnd: number,
  { key, chain }: { readonly key: string; readonly chain: string },
) {
  const asked = createServer((_request, response) => {
    response.writeHead(200, {
      'Auth-Status': 'OK',
      'Auth-Server': '127.0.0.1',
      'Auth-Port': String(backEnd),
    })
    response.end()
  })
  asked.listen(0, '127.0.0.1')
  await once(asked, 'listening')
  const bound = asked.address()
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `load_module ${UNPACKED}/libnginx-mod-mail/usr/lib/nginx/modules/ngx_mail_module.so;
daemon off;
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 20000; }
mail {
  server_name mail.isp.example;
  auth_http 127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}/;
  imap_auth plain;
  ssl_certificate ${chain};
  ssl_certificate_key ${key};
  ssl_protocols TLSv1.3;
  server { listen 127.0.0.1:${port} ssl backlog=4096; protocol imap; timeout 1h; }
}
`,
  )
  const program = join(UNPACKED, 'nginx/usr/sbin/nginx')
  const words = ['-p', folder, '-c', config, '-e', join(folder, 'nginx.log')]
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  await untilItListens(port)
  return {
    name: 'nginx',
    port,
    pid: child.pid ?? 0,
    stop: () => {
      child.kill()
      asked.close()
    },
  }
}
