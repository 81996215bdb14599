import { join } from 'node:path';

/** The configuration file inside a cluster's folder; every command of Ceph is given it. */
export const configurationFile = (folder: string) => join(folder, 'ceph.conf');

/** Folders that the daemons expect to find. */
export const DATA_FOLDERS = ['run', 'log', 'mon', 'osd', 'rgw'] as const;

export interface Ports {
  monitor: number;
  /** Where S3 is spoken. */
  gateway: number;
}

/**
 * The smallest cluster that keeps what it acknowledged: one monitor, one BlueStore disk in a sparse file, one gateway, all on
 * 127.0.0.1 and without keys between them. Settings: https://docs.ceph.com/en/pacific/rados/configuration/
 */
export function configuration(folder: string, fsid: string, ports: Ports): string {
  return `[global]
fsid = ${fsid}
mon host = v1:127.0.0.1:${ports.monitor}
public network = 127.0.0.0/8
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = false
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
pid file =
log file = ${folder}/log/$name.log
log to syslog = false
mon cluster log file = ${folder}/log/cluster.log
crash dir = ${folder}/log
# One disk: nothing is copied, and few placement groups are enough.
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon max pg per osd = 4000
mon allow pool size one = true
mon warn on pool no redundancy = false
# One monitor has nobody to agree with, so it need not gather changes for a second.
paxos propose interval = 0.05
paxos min wait = 0.01
mon osd min down reporters = 1

[mon.a]
mon data = ${folder}/mon
mon data avail crit = 1
mon data avail warn = 2

[osd.0]
osd data = ${folder}/osd
osd objectstore = bluestore
osd memory target = 1073741824
osd class load list = *
osd class default list = *
# It may ask for these before it has learnt the cluster's id, and ends when it is refused.
osd class update on start = false
osd crush update on start = false
bluestore block create = true
bluestore block size = 10737418240
bluestore block wal create = false
bluestore cache size = 268435456
bluestore fsck on mount = false

[client.rgw.x]
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${ports.gateway} tcp_nodelay=1
rgw thread pool size = 64
rgw dns name = localhost
rgw enable usage log = false
rgw enable ops log = false
rgw gc max objs = 8
rgw lc max objs = 8
rgw override bucket index max shards = 1
`;
}
