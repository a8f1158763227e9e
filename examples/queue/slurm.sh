#!/usr/bin/env bash
# Workers as an array of jobs, for a folder that all nodes see. First queue the pictures, then start the workers, then end the run:
#   cd /scratch/photos && corr2d detect in --recursive --output edges --queue redis://host/photos --detach
#   CORR2D_QUEUE=redis://host/photos PHOTOS=/scratch/photos sbatch slurm.sh
#   corr2d merge edges
#SBATCH --job-name=corr2d
#SBATCH --array=0-15
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --requeue
# Two minutes before the time is over a worker is asked to end: it finishes the pictures in flight and gives the rest back.
#SBATCH --signal=B:TERM@120
set -euo pipefail

# Pictures take what the job was given, but for a GiB of the program's own.
exec corr2d worker --root "$PHOTOS" --jobs "$SLURM_CPUS_PER_TASK" --memory "$((SLURM_MEM_PER_NODE - 1024))" --until-empty
